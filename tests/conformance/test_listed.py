"""What docs/compatibility.md lists: cases that are recorded, each difference with its fault and a test of ours."""

import re

import pytest

from tests.support.compatibility import differences, listed, recorded_cases, rows
from tests.support.functions import PROJECT

SECTIONS = {"Actions": "actions", "Catalog": "catalog", "Mapping": "mapping", "Triggers": "fql"}
FAULTS = {"Actions": r"[A-Z]\d+|rule", "Catalog": r"[A-Z]\d+|rule", "Mapping": r"M\d+", "Triggers": r"[A-Z]\d+"}
DIFFERENCES = [(title, row) for title in SECTIONS for row in rows(listed(title)) if len(row) == 4]


@pytest.mark.parametrize("title", SECTIONS)
def test_only_recorded_cases_are_listed_and_their_names_are_unique(title: str) -> None:
    names = [case["name"] for case in recorded_cases(SECTIONS[title])]
    assert differences(title)
    assert differences(title).keys() <= set(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("title", "row"), DIFFERENCES, ids=[f"{title}: {row[0]}" for title, row in DIFFERENCES])
def test_every_difference_names_its_fault_and_a_test_of_ours(title: str, row: list[str]) -> None:
    _, fault, what_we_do, test = row
    assert re.fullmatch(FAULTS[title], fault)
    assert what_we_do.endswith(".")
    file, _, function = test.strip("`").partition("::")
    assert f"def {function}(" in (PROJECT / file).read_text(encoding="utf-8")

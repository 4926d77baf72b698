"""What differences.json lists: recorded cases, each with its fault, a test of ours and its words on the page."""

import re

import pytest

from dev import PROJECT
from tests.support.compatibility import Difference, differences, different_cases, recorded_cases, section_of_page

SECTIONS = {"actions": "actions", "catalog": "catalog", "mapping": "mapping", "triggers": "fql"}
FAULTS = {"actions": r"[A-Z]\d+|rule", "catalog": r"[A-Z]\d+|rule", "mapping": r"M\d+", "triggers": r"[A-Z]\d+"}
DIFFERENCES = [(section, each) for section in SECTIONS for each in differences(section)]


@pytest.mark.parametrize("section", SECTIONS)
def test_only_recorded_cases_are_listed_and_their_names_are_unique(section: str) -> None:
    names = [case["name"] for case in recorded_cases(SECTIONS[section])]
    assert different_cases(section)
    assert different_cases(section) <= set(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("section", "difference"), DIFFERENCES, ids=[f"{section}: {each.here}" for section, each in DIFFERENCES]
)
def test_every_difference_names_its_fault_and_a_test_of_ours(section: str, difference: Difference) -> None:
    assert re.fullmatch(FAULTS[section], difference.fault)
    file, _, function = difference.test.partition("::")
    assert f"def {function}(" in (PROJECT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("section", SECTIONS)
def test_the_page_has_what_is_listed_and_nothing_else(section: str) -> None:
    said: dict[str, list[str]] = {}
    for each in differences(section):
        said.setdefault(each.fault, []).append(each.here)
    told = re.findall(r"\*\*(\w+)\*\* (.+?)(?= \*\*\w+\*\* |$)", section_of_page(section.title()), re.MULTILINE)
    assert dict(told) == {fault: " ".join(texts) for fault, texts in said.items()}

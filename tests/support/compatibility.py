"""Recorded cases of Segment's own code, and the differences from them that tests/conformance/differences.json lists."""

import json
import re
from typing import Any, NamedTuple

from dev import PROJECT

LEDGER: dict[str, Any] = json.loads((PROJECT / "tests/conformance/differences.json").read_text(encoding="utf-8"))
PAGE = (PROJECT / "docs/compatibility.md").read_text(encoding="utf-8")


class Difference(NamedTuple):
    """What we do otherwise, the fault of Segment's that it corrects, the cases that show it, a test of ours."""

    fault: str
    here: str
    cases: list[str]
    test: str


def recorded_cases(name: str) -> list[dict[str, Any]]:
    """The cases of tests/conformance/<name>.json."""
    cases: list[dict[str, Any]] = json.loads((PROJECT / f"tests/conformance/{name}.json").read_text(encoding="utf-8"))
    return cases


def differences(section: str) -> list[Difference]:
    """The differences of that section."""
    return [Difference(**each) for each in LEDGER[section]]


def different_cases(section: str) -> set[str]:
    """The recorded cases that differ."""
    return {case for each in differences(section) for case in each.cases}


def section_of_page(title: str) -> str:
    """The section of docs/compatibility.md under that title, in one line a paragraph."""
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.sub(r"\n +", " ", section[1]) if section else ""

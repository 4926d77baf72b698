"""Recorded cases of Segment's own code, and the differences from them that docs/compatibility.md lists."""

import json
import re
from typing import Any

from tests.support.functions import PROJECT


def recorded_cases(name: str) -> list[dict[str, Any]]:
    """The cases of tests/conformance/<name>.json."""
    cases: list[dict[str, Any]] = json.loads((PROJECT / f"tests/conformance/{name}.json").read_text(encoding="utf-8"))
    return cases


def listed(title: str) -> str:
    """The section of the page under that title."""
    page = (PROJECT / "docs/compatibility.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return section[1] if section else ""


def differences(title: str) -> dict[str, list[str]]:
    """The recorded cases that the section lists, each with the other cells of its row."""
    return {row[0]: row[1:] for row in rows(listed(title).partition("\n### Other differences\n")[0])}


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in `text`, without their heads."""
    lines = text.splitlines()
    heads = {number for number, line in enumerate(lines, -1) if line.startswith("| ---")}
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for number, line in enumerate(lines)
        if line.startswith("| ") and number not in heads and not line.startswith("| ---")
    ]

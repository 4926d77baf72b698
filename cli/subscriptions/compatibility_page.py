"""Reads docs/compatibility.md: what Segment does, the fault that it shows, and what is done here instead."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs/compatibility.md"
_CELL: Final = re.compile(r"(?<!\\)\|")
_CELLS: Final = 4


@dataclass(frozen=True)
class Difference:
    """A row of the page: its section, Segment's behaviour (or the recorded case that shows it), and ours."""

    section: str
    case: str
    fault: str
    ours: str


def read_differences(page: Path = PAGE) -> tuple[Difference, ...]:
    """Read every row that says what is done here: those of four cells."""
    section, differences, lines = "", [], page.read_text(encoding="utf-8").splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("## "):
            section = line.removeprefix("## ")
        is_row = line.startswith("| ") and not line.startswith("| ---") and not following.startswith("| ---")
        cells = [cell.strip() for cell in _CELL.split(line.strip().strip("|"))]
        if is_row and len(cells) == _CELLS:
            case, fault, ours, _ = cells
            differences.append(Difference(section, case, fault, ours))
    return tuple(differences)

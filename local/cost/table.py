"""A table for the page and for the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table as RichTable

_CENT: Final = 0.005
_SMALL: Final = 10


@dataclass(frozen=True)
class Table:
    """Rows of text; the first column is words, and so are those that `words` names, the others are numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: Sequence[str] = ()

    def markdown(self) -> str:
        """Write it for a page."""
        rules = ["---" if self._is_words(column) else "---:" for column in self.columns]
        rows = (list(self.columns), rules, *self.rows)
        return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)

    def rich(self, title: str) -> RichTable:
        """Write it for a terminal."""
        table = RichTable(title=title, title_justify="left")
        for column in self.columns:
            table.add_column(column, justify="left" if self._is_words(column) else "right", overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        return table

    def _is_words(self, column: str) -> bool:
        return column == self.columns[0] or column in self.words


def dollars(amount: float) -> str:
    """Write an amount of money; a hundredth of a cent of it is no matter."""
    if 0 < amount < _CENT:
        return "<0.01"
    return f"{amount:,.2f}"


def number(value: float) -> str:
    """Write a number: whole where it is large, else with one or two digits that say something."""
    if value == round(value) or value >= _SMALL:
        return f"{value:,.0f}"
    return f"{value:.2g}"

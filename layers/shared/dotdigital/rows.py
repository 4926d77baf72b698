"""The rows of v2's paged lists, all pages of them.

https://developer.dotdigital.com/docs/data-handling
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from dotdigital.calls import Call
from dotdigital.failures import error_of_body
from dotdigital.ids import is_positive
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_A_PAGE: Final = 1_000


def all_rows(transport: "Transport", *parts: str) -> tuple[Mapping[str, Any], ...]:
    """Give the rows under a path, each id once, in Dotdigital's order; a row without an id is left out.

    Raises UnavailableError for what is no list, and for pages that bring nothing new and do not end.
    """
    rows: dict[int, Mapping[str, Any]] = {}
    skip = 0
    while True:
        query = {"select": str(_A_PAGE)} | ({"skip": str(skip)} if skip else {})
        page = transport.call(Call("GET", path(*parts), query=query))
        if not isinstance(page, list):
            raise error_of_body("it is not a list", send=False)
        known = len(rows)
        rows |= {row["id"]: row for row in page if isinstance(row, dict) and is_positive(row.get("id"))}
        if len(page) < _A_PAGE:
            return tuple(rows.values())
        if len(rows) == known:
            raise error_of_body("its pages do not end", send=False)
        skip += len(page)


def text_in(row: Mapping[str, Any], key: str) -> str:
    """Give the text under `key`, "" where there is none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""

"""What a part of a mapping can give without a look at the event: literals, alone or in the branches of @if."""

from collections.abc import Iterator, Mapping
from typing import Any

from segment_events.mapping.compiler import METADATA, is_directive


def is_literal(value: Any) -> bool:
    """Tell whether a part of a mapping gives the same for every event: no directive but @literal is in it."""
    if is_directive(value):
        return value.keys() - {METADATA} == {"@literal"} and is_literal(value["@literal"])
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return all(map(is_literal, members))


def literals_of(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Give each literal that a part of a mapping may give, with its JSON pointer; `path` is that of the part.

    An object with directives in it is an object for every event: it is given without members.
    """
    if is_literal(value):
        yield path, _plain(value)
    elif not is_directive(value):
        yield from [(path, {})] if isinstance(value, Mapping) else ()
    elif "@literal" in value:
        yield from literals_of(value["@literal"], f"{path}/@literal")
    elif isinstance(arguments := value.get("@if"), Mapping):
        for branch in ("then", "else"):
            if branch in arguments:
                yield from literals_of(arguments[branch], f"{path}/@if/{branch}")


def _plain(value: Any) -> Any:
    if is_directive(value):
        return _plain(value["@literal"])
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    return [_plain(member) for member in value] if isinstance(value, list | tuple) else value

"""Which value of an event a path names."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from segment_events.fql.fields import compile_lookup
from segment_events.fql.tree import Path

EVENT = {
    "type": "track",
    "properties": {
        "items": [{"sku": "S-1"}, ["inner"]],
        "0": "a key",
        "empty": "",
        "zero": 0,
        "no": False,
        "nothing": None,
        "city": "Bergen",
        "10": {"01": "padded"},
    },
    "context": [],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", "track"),
        ("properties/items/0/sku", "S-1"),
        ("properties/items/1/0", "inner"),
        ("properties/0", "a key"),
        ("properties/10/01", "padded"),
        ("properties/zero", 0),
        ("properties/no", False),
        ("properties/empty", ""),
        ("properties/nothing", None),
        ("properties/none/deeper", None),
        ("properties/zero/deeper", None),
        ("properties/empty/deeper", None),
        ("properties/no/deeper", None),
        ("properties/items/2", None),
        ("properties/items/00", None),
        ("properties/items/-1", None),
        ("properties/items/\u0660", None),
        ("properties/items/\u00b2", None),
        ("properties/items/" + "1" * 5_000, None),
        ("properties/items/length", None),
        ("properties/items/append", None),
        ("properties/city/0", None),
        ("properties/city/upper", None),
        ("properties/__class__", None),
        ("properties/keys", None),
        ("context/page/url", None),
    ],
)
def test_paths(path: str, value: Any) -> None:
    assert compile_lookup(Path(tuple(path.split("/"))))(EVENT) == value


def test_the_second_reading_counts_only_when_the_first_finds_nothing() -> None:
    look_up = compile_lookup(Path(("properties", "a.b"), ("properties", "a", "b")))
    assert look_up({"properties": {"a.b": "key", "a": {"b": "nested"}}}) == "key"
    assert look_up({"properties": {"a.b": 0, "a": {"b": "nested"}}}) == 0
    assert look_up({"properties": {"a": {"b": "nested"}}}) == "nested"
    assert look_up({"properties": {}}) is None


class Frozen(Mapping[str, Any]):
    """A mapping that is no dict."""

    def __init__(self, items: dict[str, Any]) -> None:
        self._items = items

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def test_any_mapping_is_entered() -> None:
    look_up = compile_lookup(Path(("traits", "plan")))
    assert look_up(Frozen({"traits": Frozen({"plan": "gold"})})) == "gold"
    assert look_up(Frozen({})) is None


@pytest.mark.parametrize("event", [None, "text", 5, [], [EVENT], True])
def test_an_event_that_is_no_mapping_has_no_fields(event: Any) -> None:
    assert compile_lookup(Path(("type",)))(event) is None

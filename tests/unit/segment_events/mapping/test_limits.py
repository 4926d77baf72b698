"""What a mapping may read and make of one event: the same bounds for all of it, however it goes about it."""

import tracemalloc
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
from segment_events.mapping.limits import MAX_CHARACTERS, MAX_STEPS

STEPS: Final = f"the mapping takes more than {MAX_STEPS} steps"
CHARACTERS: Final = f"the mapping reads and makes more than {MAX_CHARACTERS} characters"
TEXT: Final = "the text would be longer than 1000000 characters"
MOST_BYTES: Final = 64 * 2**20

EVENT_SIZE: Final = 32_000


def nested(levels: int, value: Any) -> Any:
    """`value` under as many keys of twenty letters."""
    for _ in range(levels):
        value = {"k" * 20: value}
    return value


EVENT: Final[Mapping[str, Any]] = {
    "text": "a" * EVENT_SIZE,
    "emoji": "😀" * (EVENT_SIZE // 4),
    "ones": [1] * (EVENT_SIZE // 2),
    "objects": [{}] * (EVENT_SIZE // 3),
    "long_key": {"K" * (EVENT_SIZE // 2): {str(n): 1 for n in range(EVENT_SIZE // 16)}},
    "deep": nested(150, {str(n): 1 for n in range(EVENT_SIZE // 16)}),
    "opening": "{" * EVENT_SIZE,
    "placeholders": "{{text}}" * (EVENT_SIZE // 8),
    "json": "[" + "{}," * (EVENT_SIZE // 3) + "1]",
    "needle": "a" + "b" + "a" * (EVENT_SIZE // 3),
    "lists": [[1] * (EVENT_SIZE // 2)],
    "widths": "%999d" * 200,
}


def path(name: str) -> dict[str, str]:
    """The member `name`."""
    return {"@path": name}


def liquid(repeated: str, before: str = "", after: str = "") -> dict[str, str]:
    """A template of 1,000 characters at most, `repeated` as often as there is room."""
    return {"@liquid": before + repeated * ((1000 - len(before + after)) // len(repeated)) + after}


def decoded(name: str) -> dict[str, Any]:
    """The JSON in a member."""
    return {"@json": {"mode": "decode", "value": path(name)}}


def doubled(times: int) -> dict[str, Any]:
    """The event, twice in itself, again and again."""
    twice = {"a": path(""), "b": path("")}
    mapping: dict[str, Any] = twice
    for _ in range(times):
        mapping = {"@transform": {"apply": mapping, "mapping": twice}}
    return mapping


OVER: Final[dict[str, tuple[Any, str]]] = {
    "keys of @flatten": ({"@flatten": {"separator": ".", "value": path("long_key")}}, CHARACTERS),
    "keys on the way of @flatten": ({"@flatten": {"separator": ".", "value": path("deep")}}, CHARACTERS),
    "items of @flatten": ([{"@flatten": {"separator": ".", "value": path("ones")}}] * 20, STEPS),
    "texts of @flatten in a list": ({"@flatten": {"separator": "s" * 20_000, "value": [path("ones")] * 9}}, CHARACTERS),
    "members of @merge": ({"@merge": {"direction": "right", "objects": [path("ones")] * 20}}, STEPS),
    "letters of @merge": ({"@merge": {"direction": "right", "objects": [path("text")] * 20}}, STEPS),
    "@merge of @json": ({"@merge": {"direction": "left", "objects": [decoded("json")] * 20}}, STEPS),
    "@json, encoded": ([{"@json": {"mode": "encode", "value": path("long_key")}}] * 200, CHARACTERS),
    "@json, decoded": ([decoded("json")] * 30, STEPS),
    "@transform": (doubled(30), STEPS),
    "@template of the event": ([{"@template": path("opening")}] * 200, CHARACTERS),
    "@template of placeholders": ({"@template": path("placeholders")}, TEXT),
    "@template of lists": ({"@template": "{{ones}}" * 20}, STEPS),
    "@replace, text by text": ([{"@replace": {"pattern": "b", "value": path("text")}}] * 200, CHARACTERS),
    "@replace, find by find": (
        [{"@replace": {"pattern": "A", "replacement": "$&", "ignorecase": True, "value": path("text")}}] * 10,
        STEPS,
    ),
    "@case": ([{"@case": {"operator": "upper", "value": path("text")}}] * 200, CHARACTERS),
    "@excludeWhenNull": ([{"@excludeWhenNull": path("deep")}] * 200, STEPS),
    "lists that may have holes": ([path("ones")] * 20, STEPS),
    "@arrayPath, texts of the shape": ({"@arrayPath": ["objects", {"a": {"@literal": "x" * 1000}}]}, CHARACTERS),
    "@arrayPath, members of the shape": (
        {"@arrayPath": ["objects", {str(n): {"@case": {"operator": "lower", "value": "x"}} for n in range(9)}]},
        STEPS,
    ),
    "@arrayPath of @liquid": ({"@arrayPath": ["objects", {"a": liquid("{{ 1 | abs }}")}]}, STEPS),
    "@liquid, range": (liquid("{{(1..9999)|size}}"), STEPS),
    "@liquid, endless range": (liquid("{%if (1..999999) contains 'a'%}{%endif%}"), STEPS),
    "@liquid, split": (liquid("{%assign a=text|split:''%}"), STEPS),
    "@liquid, lists in contains": (liquid("{%if ones contains text%}{%endif%}"), STEPS),
    "@liquid, lists compared": (liquid("{%if ones==ones%}{%endif%}"), STEPS),
    "@liquid, lists in lists": (liquid("{%assign a=lists|compact%}"), STEPS),
    "@liquid, append": (liquid("{%assign a=a|append:a%}", "{%assign a=text%}"), TEXT),
    "@liquid, replace nothing": (liquid("{{text|replace:'',text}}"), TEXT),
    "@liquid, replace": (liquid("{{text|replace:'a',text}}"), TEXT),
    "@liquid, join": (liquid("{{ones|join:text}}"), TEXT),
    "@liquid, capture": (liquid("{%capture a%}{{a}}{{a}}{{text}}{%endcapture%}"), TEXT),
    "@liquid, echo": (liquid("{%echo text%}"), TEXT),
    "@liquid, search": (liquid("{%assign a=text|remove:needle%}"), CHARACTERS),
    "@liquid, search from the end": (liquid("{%assign a=text|remove_last:needle%}"), CHARACTERS),
    "@liquid, contains": (liquid("{%if text contains needle%}{%endif%}"), CHARACTERS),
    "@liquid, dates": (liquid("{%assign a=0|date:widths%}"), CHARACTERS),
    "@liquid, texts": (
        liquid("{%assign a=a|upcase%}", "{%assign a=text|append:text|append:text|append:text%}"),
        CHARACTERS,
    ),
}
"""Mappings of an event of Segment's largest size, by what they do too much of, and the reason that they end with."""

LARGE: Final[Mapping[str, Any]] = {
    "text": "é" * 1_000_000,
    "emoji": "😀" * 250_000,
    "words": "é " * 333_000,
    "ones": [1] * 500_000,
    "objects": [{}] * 333_000,
    "json": "[" + "{}," * 333_000 + "1]",
    "json_keys": "{" + ",".join(f'"{n}":{{}}' for n in range(90_000)) + "}",
    "placeholders": "{{ones.0}}" * 100_000,
    "digits": "1" * 1_000_000 + "x",
    "keys": {"K" * 500_000: {str(n): 1 for n in range(60_000)}},
}
LARGEST: Final[dict[str, Any]] = {
    "@flatten, keys": {"@flatten": {"separator": ".", "value": path("keys")}},
    "@flatten, items": {"@flatten": {"separator": ".", "value": path("ones")}},
    "@merge, letters": {"@merge": {"direction": "right", "objects": [path("emoji")] * 9}},
    "@json, decoded": [decoded("json")] * 9,
    "@json, decoded keys": [decoded("json_keys")] * 9,
    "@json, encoded": [{"@json": {"mode": "encode", "value": path("keys")}}] * 9,
    "@template": [{"@template": path("placeholders")}] * 9,
    "@replace": [{"@replace": {"pattern": "é", "replacement": "😀" * 5, "value": path("text")}}] * 9,
    "@replace, halves": [{"@replace": {"pattern": "\ud83d", "replacement": "x" * 10, "value": path("emoji")}}] * 9,
    "@arrayPath": {"@arrayPath": ["objects", {"a": {}}]},
    "@path, units": [path(f"emoji.{n}") for n in range(99)],
    "@liquid, split": liquid("{% assign a = text | split: '' %}"),
    "@liquid, words": liquid("{% assign a = words | truncatewords: 999999 %}"),
    "@liquid, a text that is no number": liquid("{% assign a = digits | abs %}"),
}
"""The mappings that hold or take most of an event of SQS's and EventBridge's largest size."""


@pytest.mark.parametrize("name", OVER)
def test_a_mapping_that_makes_too_much_of_an_event_fails(name: str) -> None:
    mapping, reason = OVER[name]
    with pytest.raises(MappingResolutionError) as error:
        compile_mapping({"v": mapping})(EVENT)
    assert error.value.reason == reason


@pytest.mark.parametrize("name", LARGEST)
def test_an_event_of_a_megabyte_holds_tens_of_megabytes_at_most(name: str) -> None:
    run = compile_mapping({"v": LARGEST[name]})
    tracemalloc.start()
    try:
        with suppress(MappingResolutionError):
            run(LARGE)
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()


def test_each_event_has_the_whole_budget() -> None:
    run = compile_mapping({"v": {"@flatten": {"separator": ".", "value": path("ones")}}})
    for _ in range(30):
        assert run(EVENT) == {"v": {str(n): 1 for n in range(len(EVENT["ones"]))}}


def test_an_ordinary_mapping_of_an_event_of_a_megabyte_is_within_it() -> None:
    products = [{"sku": f"S{n}", "name": "n" * 100, "price": n, "tags": ["a", "b"]} for n in range(5_000)]
    event = {"properties": {"products": products}}
    shape = {"id": path("sku"), "title": {"@template": "{{name}} {{price}}"}, "tags": path("tags")}
    run = compile_mapping(
        {
            "lines": {"@arrayPath": ["properties.products", shape]},
            "all": {"@json": {"mode": "encode", "value": path("properties")}},
        }
    )
    result = run(event)
    assert len(result["lines"]) == len(products)
    assert result["lines"][0] == {"id": "S0", "title": "n" * 100 + " 0", "tags": ["a", "b"]}


def test_a_constant_that_takes_too_much_is_a_problem_of_the_mapping() -> None:
    with pytest.raises(MappingError) as error:
        compile_mapping({"v": {"@json": {"mode": "encode", "value": [1] * (MAX_STEPS + 1)}}})
    assert error.value.problems == (f"/v/@json: {STEPS}",)


@given(st.text(alphabet="{}ab .", max_size=30))
def test_placeholders_are_found_as_by_the_expressions_of_segment(text: str) -> None:
    """https://github.com/segmentio/action-destinations/blob/main/packages/core/src/mapping-kit/placeholders.ts"""
    found = compile_mapping({"v": {"@template": path("t")}})({"t": text, "a": "1", "b": {"a": "2"}})
    assert found == {"v": by_expressions(text)}


def by_expressions(text: str) -> str:
    """`text` rendered with regular expressions, in a time that grows with the square of its length."""
    import re  # noqa: PLC0415

    values = {"a": "1", "b.a": "2", "b": "[object Object]"}

    def value(match: re.Match[str]) -> str:
        keys = [key for key in match[1].strip().split(".") if key]
        return values.get(".".join(keys), "") if keys else "[object Object]"

    parts = re.split(r"(\{\{\{[^}]+\}\}\})", text)
    return "".join(
        re.sub(r"\{\{\{([^}]+)\}\}\}", value, part) if index % 2 else re.sub(r"\{\{([^}]+)\}\}", value, part)
        for index, part in enumerate(parts)
    )

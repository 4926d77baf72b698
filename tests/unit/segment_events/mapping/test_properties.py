"""What holds for any mapping and any event."""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from segment_events.mapping import DIRECTIVES, MappingError, MappingResolutionError, compile_mapping

Run = Callable[[Mapping[str, Any]], dict[str, Any]]

NAMES = st.sampled_from(["a", "b", "0", "1", "length", "x y", "__proto__", "é"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from([10**310, -(10**4000), "9" * 5000, "-" + "9" * 5000])
    | st.sampled_from(["", "a", "$.a", "{{a}}", "{{{b}}}", '{"a":[1]}', "1e400", "2024-02-29", "\ud83d", "😀"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=3).filter(lambda key: key[:1] != "@"), inner, max_size=3)
    ),
    max_leaves=10,
)
EVENTS = st.dictionaries(NAMES, JSON, max_size=6)
PATHS = st.lists(NAMES | st.sampled_from(["$", "[0]", "['a']", ""]), max_size=3).map(".".join)
TEMPLATES = st.lists(PATHS.map("{{%s}}".__mod__) | PATHS.map("{{{%s}}}".__mod__) | st.text(max_size=3), max_size=3)
LIQUID = st.lists(
    st.sampled_from(
        [
            "{{ a }}",
            "{{ b.a | upcase }}",
            "{{ a | plus: b | round: 2 }}",
            "{{ a | split: 'a' | join: b }}",
            "{{ a[0] | date: '%Y' }}",
            "{% if a > b %}x{% elsif a contains b %}y{% endif %}",
            "{% assign b = a | json %}",
            "{{ b | slice: a | truncate: b | url_encode }}",
            "{{ a | where: 'a', b | sum: 'a' }}",
            "{{ a | default: b }}",
            "{{ (1..a) | size }}",
            "{{ a | replace: b, a | strip_html | base64_decode }}",
            "{{ a | divided_by: b | modulo: a }}",
        ]
    ),
    max_size=4,
)


def directives(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    text_or_inner = st.text(max_size=5) | inner
    arguments: dict[str, st.SearchStrategy[Any]] = {
        "@path": PATHS | inner,
        "@template": TEMPLATES.map("".join) | inner,
        "@literal": inner,
        "@excludeWhenNull": inner,
        "@liquid": LIQUID.map("".join),
        "@arrayPath": st.tuples(PATHS | inner, inner).map(list),
        "@if": st.fixed_dictionaries({}, optional=dict.fromkeys(["exists", "blank", "then", "else"], inner)),
        "@case": st.fixed_dictionaries({"operator": st.sampled_from(["lower", "upper", "x"]), "value": text_or_inner}),
        "@replace": st.fixed_dictionaries(
            {"pattern": st.sampled_from(["a", "é", "😀", "\ud83d", "."]), "value": text_or_inner},
            optional={
                "replacement": st.sampled_from(["", "$&$`", "$'x"]),
                "ignorecase": st.booleans(),
                "pattern2": st.text(max_size=2),
            },
        ),
        "@json": st.fixed_dictionaries({"mode": st.sampled_from(["encode", "decode"]), "value": inner}),
        "@flatten": st.fixed_dictionaries(
            {"separator": st.just("."), "value": inner}, optional={"omitArrays": st.booleans()}
        ),
        "@merge": st.fixed_dictionaries(
            {"direction": st.sampled_from(["left", "right"]), "objects": st.lists(inner, max_size=3)}
        ),
        "@transform": st.fixed_dictionaries({"apply": inner, "mapping": inner}),
    }
    return st.one_of([st.fixed_dictionaries({name: argument}) for name, argument in arguments.items()])


MAPPINGS = st.recursive(
    SCALARS,
    lambda inner: (
        directives(inner) | directives(inner) | st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
    ),
    max_leaves=8,
)


def compiled(mapping: Any) -> Run | MappingError:
    """The function for {"v": mapping}, or the MappingError."""
    try:
        return compile_mapping({"v": mapping})
    except MappingError as error:
        return error


def ran(run: Run, event: dict[str, Any]) -> dict[str, Any] | tuple[str, str]:
    """The result, or the path and reason of the MappingResolutionError."""
    try:
        return run(event)
    except MappingResolutionError as error:
        return (error.path, error.reason)


@given(MAPPINGS, EVENTS)
def test_an_event_gives_json_or_a_resolution_error_and_is_left_as_it_was(mapping: Any, event: dict[str, Any]) -> None:
    run = compiled(mapping)
    if isinstance(run, MappingError):
        assert run.problems
        assert all(problem.startswith("/v") for problem in run.problems)
        return
    before = copy.deepcopy(event)
    result = ran(run, event)
    text = json.dumps(result, sort_keys=True)
    assert event == before
    assert isinstance(result, dict) or result[0].startswith("/v")
    assert json.dumps(ran(compile_mapping({"v": mapping}), event), sort_keys=True) == text


@given(JSON)
def test_what_holds_no_directive_comes_back_as_it_is(value: Any) -> None:
    assert compile_mapping({"v": value, "x": {"@path": "gone"}})({}) == {"v": value}


ARGUMENTS = ["value", "objects", "mode", "exists", "apply", "mapping"]
KEYS = st.text() | st.integers() | st.sampled_from([*DIRECTIVES, *ARGUMENTS])
OBJECTS = st.recursive(
    SCALARS | st.binary() | st.floats(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(KEYS, inner)
        | st.dictionaries(st.sampled_from([*DIRECTIVES]), inner, max_size=1)
    ),
    max_leaves=15,
)


@given(OBJECTS)
def test_any_mapping_compiles_or_says_what_is_wrong(mapping: Any) -> None:
    run = compiled(mapping)
    assert callable(run) or run.problems


@given(st.text())
def test_any_text_is_a_path_a_template_or_liquid(text: str) -> None:
    event = {"a": 1, text: 2}
    for name in ("@path", "@template", "@liquid", "@literal"):
        run = compiled({name: text})
        assert callable(run) or name == "@liquid"
        assert not callable(run) or isinstance(run(event), dict)


@given(EVENTS, PATHS)
def test_errors_hold_no_value_of_the_event(event: dict[str, Any], path: str) -> None:
    secret = "s3cr3t-9f"
    event = {**event, "a": {"b": secret, "0": secret}}
    liquid = {"@liquid": "{{ a.b | base64_decode | url_decode }}"}
    for directive in ({"@template": {"@path": path}}, liquid, {"@path": {"@path": path}}):
        result = ran(compile_mapping({"v": directive}), event)
        assert isinstance(result, dict) or secret not in " ".join(result)

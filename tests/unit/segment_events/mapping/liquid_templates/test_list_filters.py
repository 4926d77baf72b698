"""Filters of lists and of values of any kind."""

import pytest

from tests.unit.segment_events.mapping.liquid_templates.conftest import Printed

X = {
    "list": [3, None, "a", [1, 2], {"k": 1}],
    "empty": [],
    "rows": [{"n": 1, "v": True, "o": {"p": 1}}, {"n": 2, "v": False}, {"n": "2"}],
    "no": False,
    "text": "añ😀",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.list", "3a12[object Object]"),
        ("x.list | join: '-'", "3--a-1,2-[object Object]"),
        ("x.list | join", "3  a 1,2 [object Object]"),
        ("5 | join", "5"),
        ("x.list | first", "3"),
        ("x.rows | last | json", '{"n":"2"}'),
        ("x.empty | last", ""),
        ("'ab' | first | append: '|'", "a|"),
        ("'ab' | last", "b"),
        ("5 | last", ""),
        ("x.list | size", "5"),
        ("x.text | size", "4"),
        ("x | size", "0"),
        ("x.size", "5"),
        ("x.text.size", "4"),
        ("x.list.size", "5"),
        ("x.list.first", "3"),
        ("x.rows.last.n", "2"),
        ("x.empty.first", ""),
        ("x.list[-3]", "a"),
        ("x.list[-9]", ""),
        ("x.rows | sum: 'n'", "5"),
        ("x.list | sum", "3"),
        ("x.list | compact | size", "4"),
        ("x.empty | push: 1 | unshift: 0 | json", "[0,1]"),
        ("x.list | shift | pop | json", '[null,"a",[1,2]]'),
        ("gone | push: 1 | json", "[1]"),
        ("'abc' | slice: 1", "b"),
        ("'abc' | slice: -2, 9", "bc"),
        ("'abc' | slice: -9, 2", ""),
        ("'abc' | slice: 0, -1", ""),
        ("x.list | slice: 2, 2 | json", '["a",[1,2]]'),
        ("gone | slice: 0 | json", "[]"),
        ("x.rows | where: 'n', 2 | json", '[{"n":2,"v":false}]'),
        ("x.rows | where: 'v' | size", "1"),
        ("x.rows | where: 'o.p', 1 | size", "1"),
        ("gone | default: 1", "1"),
        ("x.empty | default: 1", "1"),
        ("x.no | default: 1", "1"),
        ("x.no | default: 1, allow_false: true", "false"),
        ("0 | default: 1", "0"),
        ("x.rows | json", '[{"n":1,"v":true,"o":{"p":1}},{"n":2,"v":false},{"n":"2"}]'),
        ("x.rows | first | jsonify: 1", '{\n "n": 1,\n "v": true,\n "o": {\n  "p": 1\n }\n}'),
        ("gone | inspect", ""),
        ("x.text | raw", "añ😀"),
    ],
)
def test_lists_and_values(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, X) == expected

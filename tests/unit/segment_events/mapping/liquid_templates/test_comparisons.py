"""Values compared in conditions."""

import pytest

from tests.unit.segment_events.mapping.liquid_templates.conftest import Printed

X = {
    "n": 5,
    "t": "5",
    "none": None,
    "no": False,
    "list": [1, "a", None],
    "empty": [],
    "o": {"k": 1},
    "eo": {},
    "b": " ",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.n == 5", True),
        ("x.n == 5.0", True),
        ("x.n == x.t", False),
        ("x.n != x.t", True),
        ("x.t > 4", True),
        ("x.t >= '5'", True),
        ("'b' > 'a'", True),
        ("'10' < '9'", True),
        ("'a' < 5", False),
        ("x.gone < 5", False),
        ("x.none < 5", True),
        ("x.none >= 0", True),
        ("nil < 5", False),
        ("x.none == nil", True),
        ("x.gone == nil", True),
        ("x.gone == x.none", False),
        ("x.n != nil", True),
        ("x.gone != nil", False),
        ("x.no == false", True),
        ("x.no == 0", False),
        ("x.no < 1", True),
        ("x.list == x.list", True),
        ("x.list == x.empty", False),
        ("x.list == 5", False),
        ("x.o == x.o", True),
        ("x.o > 'a'", False),
        ("x.list contains 'a'", True),
        ("x.list contains nil", True),
        ("x.list contains '1'", False),
        ("x.t contains 5", True),
        ("'a null' contains x.none", True),
        ("'a' contains x.gone", False),
        ("x.o contains 'k'", False),
        ("x.empty == empty", True),
        ("x.eo == empty", True),
        ("'' == empty", True),
        ("x.b == empty", False),
        ("x.b == blank", True),
        ("x.gone == blank", True),
        ("x.no == blank", True),
        ("x.n == blank", False),
        ("empty == ''", True),
        ("empty < 5", False),
        ("true or false and false", True),
        ("not x.gone", True),
        ("not x.n == 5", False),
        ("'' and 0", True),
    ],
)
def test_conditions(printed: Printed, expression: str, expected: bool) -> None:
    assert printed(expression, X) == str(expected).lower()

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.fields.data_fields import typed_values
from delivery.fields.payload import PayloadError
from dotdigital import DataField

NUMBER_FORM = "must be a number, with 18 digits or fewer before the decimal point"
BOOLEAN_FORM = "must be true or false, yes or no, 1 or 0"
DATE_FORM = (
    "must be an ISO 8601 date such as 2026-05-31T09:30:00Z, epoch seconds (9 or 10 digits) "
    "or milliseconds (12 or 13 digits)"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def typed(type_name: str, value: Any) -> Any:
    """The value of the one data field, FIELD, of an account."""
    return typed_values({"FIELD": value}, {"FIELD": DataField("FIELD", type_name)})["FIELD"]


def reason(type_name: str, value: Any) -> str:
    """Why the value does not fit FIELD."""
    with pytest.raises(PayloadError) as caught:
        typed(type_name, value)
    assert list(caught.value.fields) == ["dataFields.FIELD"]
    return caught.value.fields["dataFields.FIELD"]


FITTING: dict[str, list[tuple[Any, Any]]] = {
    "String": [
        ("Yuki", "Yuki"), ("  Yuki  ", "Yuki"), (["red", "blue"], "red,blue"),
        ([" red ", "", None, 7, True], "red,7,true"), (["red"], "red"), ("雪", "雪"), ("x" * 1000, "x" * 1000),
        (f"  {'x' * 1000} ", "x" * 1000), (42, "42"), (42.0, "42"), (12.5, "12.5"), (True, "true"), (False, "false"),
    ],
    "Numeric": [
        (0, 0), (-0.125, -0.125), ("0120", 120), (" 12.50 ", 12.5), ("+7", 7), ("-7", -7), (".5", 0.5), ("5.", 5),
        ("1e3", 1000), ("123456789012345678", 123456789012345678), (999_999_999_999_999_999, 999_999_999_999_999_999),
    ],
    "Date": [
        ("2024-06-01T23:59:59-05:00", "2024-06-02T04:59:59.000Z"), ("2024-02-29", "2024-02-29T00:00:00.000Z"),
        ("2024-02-29T08:15:00.123456Z", "2024-02-29T08:15:00.123Z"), (1717200000, "2024-06-01T00:00:00.000Z"),
        ("1717200000123", "2024-06-01T00:00:00.123Z"),
    ],
    "Boolean": [
        (True, True), (False, False), (1, True), (0, False), (1.0, True), ("true", True), ("Yes", True), ("1", True),
        (" FALSE ", False), ("no", False), ("0", False),
    ],
    "Currency": [
        ({"any": "thing"}, {"any": "thing"}), ([1, " "], [1, " "]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("type_name", "value", "expected"),
    [(type_name, value, expected) for type_name, pairs in FITTING.items() for value, expected in pairs],
)
def test_a_value_in_the_type_of_its_field(type_name: str, value: Any, expected: Any) -> None:
    found = typed(type_name, value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("type_name", ["String", "Numeric", "Date", "Boolean", "Currency"])
def test_null_clears_a_field_of_any_type(type_name: str) -> None:
    assert typed(type_name, None) is None


@pytest.mark.parametrize("type_name", ["String", "Numeric", "Date", "Boolean", "Currency"])
@pytest.mark.parametrize("value", ["", "  ", "\t\n", "\u00a0", "\u200b\u200e\ufe0f", [], [""], [" ", None]])
def test_a_blank_counts_as_not_given_in_a_field_of_any_type(type_name: str, value: Any) -> None:
    fields = {"FIELD": DataField("FIELD", type_name), "CITY": DataField("CITY", "String")}
    assert typed_values({"FIELD": value, "CITY": "Oslo"}, fields) == {"CITY": "Oslo"}


def test_a_blank_is_no_second_value() -> None:
    fields = {"city": DataField("CITY", "String"), "CITY": DataField("CITY", "String")}
    assert typed_values({"CITY": " ", "city": "Oslo", "SHOE": ""}, fields) == {"CITY": "Oslo"}


TEXT_FORM = "must be text, a number, a boolean, or a list of those"
TOO_LONG = "must have 1000 characters or fewer, and has 1001"
NOT_FITTING: list[tuple[str, str, list[Any]]] = [
    ("String", TEXT_FORM, [{}, {"first": "Yuki"}, [{}], ["a", {"b": "c"}], ["a", ["b"]], [[]]]),
    ("String", TOO_LONG, ["x" * 1001, ["x" * 500, "y" * 500]]),
    ("Numeric", NUMBER_FORM, ["0x1F", "Infinity", "NaN", "1,000", "12 kg", "1e400", "1_000", "--1", ".", "e3"]),
    ("Numeric", NUMBER_FORM, [True, False, [5], {}, 10**18, -(10**18), "1000000000000000000", 10**400]),
    ("Numeric", NUMBER_FORM, [float("inf"), float("nan")]),
    ("Date", DATE_FORM, ["5", "Room 12", "2024-02-30", "03/04/2024", 5, True, ["2024-05-31"], {}]),
    ("Boolean", BOOLEAN_FORM, ["y", "on", "oui", "2", 2, -1, 0.5, [True], {}, ["yes"]]),
]


@pytest.mark.parametrize(
    ("type_name", "form", "value"),
    [(name, form, value) for name, form, some in NOT_FITTING for value in some],
)
def test_what_does_not_fit_is_told_the_form(type_name: str, form: str, value: Any) -> None:
    assert reason(type_name, value) == form


@pytest.mark.parametrize("value", ["1" * 1_000_000 + "x", "1." * 500_000, "1e" + "1" * 1_000_000])
@pytest.mark.parametrize("type_name", ["Numeric", "Date", "Boolean"])
def test_a_long_text_is_refused(type_name: str, value: str) -> None:
    assert reason(type_name, value).startswith("must be")


def test_values_go_under_the_names_that_the_account_writes() -> None:
    fields = {"firstname": DataField("FIRSTNAME", "String"), "größe": DataField("GRÖSSE", "Numeric")}
    assert typed_values({"firstname": "Yuki", "größe": "38"}, fields) == {"FIRSTNAME": "Yuki", "GRÖSSE": 38}


def test_no_values() -> None:
    assert typed_values({}, {}) == {}


def test_every_problem_is_told_at_once() -> None:
    fields = {
        "POINTS": DataField("POINTS", "Numeric"),
        "points": DataField("POINTS", "Numeric"),
        "LASTSEEN": DataField("LASTSEEN", "Date"),
        "VIP": DataField("VIP", "Boolean"),
        "CITY": DataField("CITY", "String"),
    }
    values = {"POINTS": 1, "points": 2, "LASTSEEN": "5", "VIP": "maybe", "CITY": "Oslo", "SHOE": 38}
    with pytest.raises(PayloadError) as caught:
        typed_values(values, fields)
    assert caught.value.fields == {
        "dataFields.points": "is given twice: it is POINTS",
        "dataFields.LASTSEEN": DATE_FORM,
        "dataFields.VIP": BOOLEAN_FORM,
        "dataFields.SHOE": "is not a data field of the account; create it in Dotdigital first",
    }


def test_a_name_that_is_an_address_is_not_told() -> None:
    with pytest.raises(PayloadError) as caught:
        typed_values({"yuki@tanuki-books.jp": 1}, {})
    assert list(caught.value.fields) == ["dataFields.[address]"]


@given(st.sampled_from(["String", "Numeric", "Date", "Boolean"]), JSON)
def test_any_value_fits_or_is_told_without_itself(type_name: str, value: Any) -> None:
    try:
        found = typed_values({"FIELD": value}, {"FIELD": DataField("FIELD", type_name)})
    except PayloadError as error:
        (told,) = error.fields.values()
        assert told.startswith("must ")
    else:
        fitting = {"String": str, "Numeric": int | float, "Date": str, "Boolean": bool}[type_name]
        assert value is None or all(isinstance(each, fitting) for each in found.values())

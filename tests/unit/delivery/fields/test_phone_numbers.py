"""Numbers in every form that is one, told from those that would reach somebody else."""

import sys
import unicodedata
from typing import Annotated, Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

from delivery.fields.payload import Payload, PayloadError
from delivery.fields.phone_numbers import MobileNumber, NumberCountry, mobile_number_of, number_country_of
from tests.support.deliveries import NOW

FORM = (
    "must be one whole number with + and its country code, without extension, such as +447700900123; "
    "where numbers have no +, map numberCountry to say which country's they are"
)
INTERNATIONAL_FORM = (
    "must be one whole number, the country code first, without extension, such as +447700900123 or 447700900123"
)
GB_FORM = "must be one whole number of GB, or of any country with + and its country code, without extension"
CODE_FORM = "must be the ISO 3166 code of a country that has phone numbers, such as GB, or international"
REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EXAMPLES = [
    number for region in REGIONS if (number := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE))
]
WRITTEN = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL)
ARABIC_DIGITS = {ord("0") + digit: 0x0660 + digit for digit in range(10)}
FULL_WIDTH_DIGITS = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
UNSEEN = [
    character
    for point in range(sys.maxunicode + 1)
    if unicodedata.category(character := chr(point)) in ("Cc", "Cf", "Zl", "Zp", "Zs")
] + [chr(point) for some in (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for point in some]
DASHES = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.category(chr(point)) == "Pd"]


def mobile(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


@pytest.mark.parametrize(
    "value",
    [
        "+447700900123", ["+447700900123"], "  +44 7700 900123\n", "+44-7700-900-123", "+44.7700.900.123",
        "+44/7700/900123", "+44_7700_900123", "+44 (7700) 900123", "+44 [7700] 900123", "(+44) 7700 900123",
        "(+44 7700 900123)", "<+447700900123>", "+44 (0)7700 900-123", "+44(0) 7700 900123", "(+44)(0)7700900123",
        "+44 \uff080\uff097700 900123", "+44 07700900123", "+44\u00a07700\u00a0900123", "+44\u20117700\u2013900123",
        "+44\u22127700\uff0d900123", "\uff0b447700900123", "+447700900123".translate(ARABIC_DIGITS),
        "\uff0b447700900123".translate(FULL_WIDTH_DIGITS), "\u202d+447700900123\u202c", "\u200e+447700900123",
        "+44\u200b7700900123", "+44\ufe0d-7700-900123", "+44\r\n7700\t900123", "\u2800+44\u31647700900123",
        "tel:+447700900123", "TEL: +44-7700-900-123", "<tel:+447700900123>", "'+447700900123", "'+447700900123'",
        '"+447700900123"', "`+447700900123`", "\u2018+447700900123\u2019", "\u201e+447700900123\u201c",
        "\u00ab+447700900123\u00bb", "+447700900123,", "+447700900123;",
    ],
)  # fmt: skip
@pytest.mark.parametrize("country", [None, "GB", "US", "international"])
def test_a_number_with_a_plus_is_what_it_says_whatever_the_country(value: Any, country: str | None) -> None:
    assert mobile_number_of(value, country) == "447700900123"


@pytest.mark.parametrize("unseen", [UNSEEN, DASHES])
def test_what_nobody_sees_and_every_dash_is_left_out(unseen: list[str]) -> None:
    kept = [
        f"U+{ord(character):04X}"
        for character in unseen
        for value in (f"{character}+447700900123{character}", f"+44{character}7700{character}900123")
        if mobile_number_of(value) != "447700900123"
    ]
    assert kept == []


def test_the_shortest_number_has_seven_digits() -> None:
    assert mobile_number_of("+690 7290") == "6907290"


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+39 (0)6 1234 5678", "390612345678"), ("+225 (0)7 07 12 34 56", "2250707123456"),
        ("+49 (0)151 2345678", "491512345678"), ("+34 (0)612 345 678", "34612345678"),
        ("+352 (0)621 123 456", "352621123456"), ("+1 (0)202 555 0143", "12025550143"),
        ("+36 (06) 30 123 4567", "36301234567"), ("+44 7700 90(0)123", "447700900123"),
    ],
)  # fmt: skip
def test_a_zero_in_brackets_goes_where_the_country_has_none_there(written: str, digits: str) -> None:
    assert mobile_number_of(written) == digits


WITHOUT_PLUS = [
    "(202) 555-0143", "2025550143", "3105550123", "617 555 0123", "9165550123", "3880001234", "447700900123",
    447700900123, 447700900123.0, "44 7700 900123", "tel:447700900123", "\u200e447700900123",
    "447700900123".translate(ARABIC_DIGITS), "07700 900123", "0044 7700 900123", "00447700900123", "011 44 7700 900123",
]  # fmt: skip
WRONG = [
    "+0044 7700 900123", "+1 555 2671", "555 2671", "12345", "12-34-56", "49 12 34", "+44 7700 900123 ext. 9",
    "+44 7700 900123x9", "+44 7700 900123;ext=9", "tel:+447700900123;ext=9", "+44 7700 900123#9", "*31#+447700900123",
    "call me", "+1 800 FLOWERS", "phone:+447700900123", "+447700900123,+447700900124", "+447700900123, 447700900124",
    "+447700900123;447700900124", "+447700900123 447700900124", "+447700900123/+447700900124",
    "+447700900123\n+447700900124", "+447700900123+447700900124", "++447700900123", "+ +447700900123", "44+7700900123",
    "447700900123+", "%2B447700900123", "+44 7700 900123.5", "+447700900123.0", "+4915123456789012",
    "+54 11 15 1234 5678", "+52 1 55 1234 5678", "+378 886123", "+1234567890123456789012345678901234567890",
    "+" + "1" * 1000, "+" + "1" * 5000 + "(0)1", "\u00b2\u00b3+447700900123", "+44\ufe0f\u20e37700900123",
    "../../../v2/account-info?x=", "", " ", "+", "()", "(0)", "+(0)", "tel:", 1e21, True,
]  # fmt: skip


@pytest.mark.parametrize("value", [*WITHOUT_PLUS, *WRONG])
def test_anything_else_is_told_the_form(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        mobile_number_of(value)
    assert str(caught.value) == FORM


@pytest.mark.parametrize(
    ("country", "value", "digits"),
    [
        ("US", "(202) 555-0143", "12025550143"), ("US", 2025550143, "12025550143"),
        ("US", "1-202-555-0143", "12025550143"), ("CA", "2025550143", "12025550143"),
        ("US", "310 555 0123", "13105550123"), ("IN", "9165550123", "919165550123"),
        ("GB", "07700 900123", "447700900123"), ("GB", "(0)7700 900123", "447700900123"),
        ("GB", 7700900123, "447700900123"), ("GB", "447700900123", "447700900123"),
        ("GB", "44 (0)7700 900123", "447700900123"), ("IT", "388 000 1234", "393880001234"),
        ("IT", "06 1234 5678", "390612345678"), ("RU", "8 (912) 345-67-89", "79123456789"),
        ("HU", "06 30 123 4567", "36301234567"), ("international", "447700900123", "447700900123"),
        ("international", 447700900123, "447700900123"), ("international", "44 (0)7700 900123", "447700900123"),
    ],
)  # fmt: skip
def test_a_number_without_a_plus_is_read_as_the_mapping_says(country: str, value: Any, digits: str) -> None:
    assert mobile_number_of(value, country) == digits


@pytest.mark.parametrize(
    ("country", "value"),
    [
        ("GB", "0044 7700 900123"), ("GB", "4407700900123"), ("GB", "180020 7700 900123"), ("GB", "2025550143456"),
        ("US", "011 44 7700 900123"), ("US", "447700900123"), ("US", "555 0143"), ("US", "202 555 0143 x9"),
        ("US", "202.555.0143, 202.555.0144"), ("AG", "700 1234"), ("JE", "123456"), ("JE", "800 1111"),
        ("SM", "886123"), ("AR", "011 15 1234 5678"), ("BR", "0 15 21 99999 9999"), ("MX", "044 55 1234 5678"),
        ("DE", "4915123456789.0"), ("DE", 4915123456789.5), ("international", "4915123456789.0"),
        ("international", "00447700900123"), ("international", "07700 900123"),
    ],
)  # fmt: skip
def test_a_number_that_is_not_the_countrys_is_told_the_form(country: str, value: Any) -> None:
    form = INTERNATIONAL_FORM if country == "international" else GB_FORM.replace("GB", country)
    with pytest.raises(ValueError) as caught:
        mobile_number_of(value, country)
    assert str(caught.value) == form


@pytest.mark.parametrize("value", [None, {}, ["+447700900123", "+447700900124"], {"number": "+447700900123"}])
def test_what_is_not_text(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^must be text$"):
        mobile_number_of(value)


@given(
    st.sampled_from(EXAMPLES), st.sampled_from(WRITTEN), st.sampled_from(["", " ", "-", ".", "\u00a0"]), st.booleans()
)
def test_a_number_of_any_country_in_any_international_form(
    number: phonenumbers.PhoneNumber, written: int, separator: str, plus: bool
) -> None:
    text = phonenumbers.format_number(number, written)
    text = text.replace(" ", separator) if separator else text
    country = None if plus else "international"
    assert mobile_number_of(text if plus else text.removeprefix("+"), country) == mobile(number)


@given(
    st.text() | st.from_regex(r"\+?[\d ().x,;/-]{0,40}", fullmatch=True),
    st.sampled_from([None, "GB", "DE", "US", "international"]),
)
def test_text_gives_digits_or_is_told_the_form(text: str, country: str | None) -> None:
    try:
        digits = mobile_number_of(text, country)
    except ValueError as error:
        assert str(error).startswith("must be one whole number")
    else:
        assert digits.isascii()
        assert digits.isdigit()
        assert 7 <= len(digits) <= 15
        assert digits[0] != "0"


@st.composite
def digits_of_a_country(draw: st.DrawFn, region: str) -> str:
    """Digits as long as a country's numbers are, or nearly so, that may begin with its prefix for calls within it."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    assert metadata
    assert metadata.general_desc
    start = draw(
        st.sampled_from(["", "0", "00", "1", "15", str(metadata.country_code), metadata.national_prefix or ""])
    )
    length = draw(st.sampled_from(metadata.general_desc.possible_length)) + draw(st.sampled_from([0, 0, 0, 1, -1]))
    if draw(st.booleans()) and (example := phonenumbers.example_number(region)):
        return start + phonenumbers.national_significant_number(example)
    return (start + draw(st.from_regex("[0-9]{18}", fullmatch=True)))[: max(2, length)]


def unchanged(region: str, digits: str) -> set[str]:
    """What may become of digits of a country: themselves, or its code before them, less its national prefix."""
    code, prefix = str(phonenumbers.country_code_for_region(region)), phonenumbers.ndd_prefix_for_region(region, True)
    return {digits, code + digits, code + digits.removeprefix(prefix or "")}


@settings(max_examples=1000)
@given(st.sampled_from(REGIONS).flatmap(lambda region: st.tuples(st.just(region), digits_of_a_country(region))))
def test_no_digit_of_a_countrys_number_is_lost_or_made_up(drawn: tuple[str, str]) -> None:
    region, digits = drawn
    try:
        given_back = mobile_number_of(digits, region)
    except ValueError:
        return
    assert given_back in unchanged(region, digits)
    number = phonenumbers.parse(f"+{given_back}")
    assert number.country_code == phonenumbers.country_code_for_region(region)
    assert phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


@settings(max_examples=1000)
@given(st.sampled_from(REGIONS).flatmap(lambda region: st.tuples(st.just(region), digits_of_a_country(region))))
def test_no_digit_of_an_international_number_is_lost_or_made_up(drawn: tuple[str, str]) -> None:
    region, national = drawn
    code = phonenumbers.country_code_for_region(region)
    number = phonenumbers.parse(f"+{code}{national}")
    main = phonenumbers.region_code_for_country_code(code)
    expected = mobile(number)
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if possible and 7 <= len(expected) <= 15 and expected in unchanged(main, national) | {f"{code}{national}"}:
        assert mobile_number_of(f"+{code}{national}") == expected
        assert mobile_number_of(f"{code}{national}", "international") == expected
    else:
        with pytest.raises(ValueError) as caught:
            mobile_number_of(f"+{code}{national}")
        assert str(caught.value) == FORM


@pytest.mark.parametrize("region", REGIONS)
def test_a_countrys_own_number_is_read_within_it(region: str) -> None:
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE) or phonenumbers.example_number(region)
    assert number
    assert mobile_number_of(phonenumbers.national_significant_number(number), region) == mobile(number)


@pytest.mark.parametrize(
    ("value", "country"),
    [("GB", "GB"), ("gb", "GB"), (" gB\u00a0\n", "GB"), (["us"], "US"), ("International", "international")],
)
def test_a_country_is_its_code_in_any_case(value: Any, country: str) -> None:
    assert number_country_of(value) == country


@pytest.mark.parametrize(
    "value", ["UK", "GBR", "United Kingdom", "44", "+44", "001", "ZZ", "AQ", "\u00df", "", 44, True]
)
def test_a_code_that_no_country_has_is_told(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        number_country_of(value)
    assert str(caught.value) == CODE_FORM


class NumberFirst(Payload):
    to: MobileNumber
    number_country: NumberCountry = None


class CountryFirst(Payload):
    number_country: NumberCountry = None
    to: Annotated[MobileNumber | None, "optional"] = None


@pytest.mark.parametrize("model", [NumberFirst, CountryFirst])
def test_the_order_of_the_fields_does_not_matter(model: type[NumberFirst]) -> None:
    payload = model.read({"to": "07700 900123", "numberCountry": " gb "}, now=NOW)
    assert (payload.to, payload.number_country) == ("447700900123", "GB")


@pytest.mark.parametrize("model", [NumberFirst, CountryFirst])
@pytest.mark.parametrize(
    ("differences", "problems"),
    [
        ({}, {"to": FORM}),
        ({"numberCountry": None}, {"to": FORM}),
        ({"numberCountry": "UK"}, {"numberCountry": CODE_FORM}),
        ({"numberCountry": "GB", "to": "2025550143456"}, {"to": GB_FORM}),
    ],
)
def test_what_is_wrong_is_told_at_the_field_at_fault(
    model: type[NumberFirst], differences: dict[str, Any], problems: dict[str, str]
) -> None:
    with pytest.raises(PayloadError) as caught:
        model.read({"to": "07700 900123", **differences}, now=NOW)
    assert caught.value.fields == problems

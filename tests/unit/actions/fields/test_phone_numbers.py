from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

from actions.fields.phone_numbers import mobile_number_of

FORM = "must be a whole international number, the country code first: +447700900123 or 447700900123, without extension"
EXAMPLES = [
    number
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (number := phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE))
]
WRITTEN = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL)
ARABIC_DIGITS = {ord("0") + digit: 0x0660 + digit for digit in range(10)}
FULL_WIDTH_DIGITS = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}


@pytest.mark.parametrize(
    "value",
    [
        "+447700900123",
        "447700900123",
        447700900123,
        447700900123.0,
        ["+447700900123"],
        "  +44 7700 900123\n",
        "+44-7700-900-123",
        "+44.7700.900.123",
        "+44/7700/900123",
        "+44 (7700) 900123",
        "+44 (0)7700 900-123",
        "+44\u00a07700\u00a0900123",
        "+44\u20117700\u2013900123",
        "\uff0b447700900123",
        "+447700900123".translate(ARABIC_DIGITS),
        "+447700900123".translate(FULL_WIDTH_DIGITS),
    ],
)
def test_an_international_number_in_digits(value: Any) -> None:
    assert mobile_number_of(value) == "447700900123"


def test_the_shortest_number_has_seven_digits() -> None:
    assert mobile_number_of("+690 7290") == "6907290"


@pytest.mark.parametrize(
    "value",
    [
        "07700 900123",
        "0044 7700 900123",
        "+0044 7700 900123",
        "011 44 7700 900123",
        "+1 555 2671",
        "555 2671",
        "12345",
        "12-34-56",
        "49 12 34",
        "-447700900123",
        "+44 7700 900123 ext. 9",
        "+44 7700 900123x9",
        "+44 7700 900123;ext=9",
        "+44 7700 900123#9",
        "call me",
        "+1 800 FLOWERS",
        "tel:+447700900123",
        "447700900123,447700900124",
        "447700900123 447700900124",
        "447700900123/447700900124",
        "447700900123\n447700900124",
        "+447700900123+447700900124",
        "++447700900123",
        "1234567890123456789012345678901234567890",
        "1" * 1000,
        "+447700900123\u200e",
        "../../../v2/account-info?x=",
        "",
        " ",
        "+",
        "()",
        1e21,
        -447700900123,
        True,
    ],
)
def test_anything_else_is_told_the_form(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        mobile_number_of(value)
    assert str(caught.value) == FORM


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
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")
    assert mobile_number_of(text if plus else text.removeprefix("+")) == digits


@given(st.text() | st.from_regex(r"\+?[\d ().x,;/-]{0,40}", fullmatch=True))
def test_text_gives_digits_or_is_told_the_form(text: str) -> None:
    try:
        digits = mobile_number_of(text)
    except ValueError as error:
        assert str(error) == FORM
    else:
        assert digits.isascii()
        assert digits.isdigit()
        assert 7 <= len(digits) <= 17
        assert digits[0] != "0"


@st.composite
def digits_of_a_country(draw: st.DrawFn) -> str:
    """Digits as long as a country's numbers are, or nearly so, that may begin with its prefix for calls within it."""
    code = draw(st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)))
    region = phonenumbers.region_code_for_country_code(code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    start = draw(st.sampled_from(["", "0", metadata.national_prefix or ""]))
    length = draw(st.sampled_from(metadata.general_desc.possible_length)) + draw(st.sampled_from([0, 0, 0, 1, -1]))
    return f"{code}{(start + draw(st.from_regex('[0-9]{18}', fullmatch=True)))[: max(2, length)]}"


@settings(max_examples=1000)
@given(digits_of_a_country())
def test_digits_are_a_number_where_phonenumbers_says_so(digits: str) -> None:
    number = phonenumbers.parse(f"+{digits}")
    is_possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    expected = phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")
    if is_possible and len(expected) >= 7:
        assert mobile_number_of(digits) == expected
    else:
        with pytest.raises(ValueError, match=r"^must be a whole international number"):
            mobile_number_of(digits)

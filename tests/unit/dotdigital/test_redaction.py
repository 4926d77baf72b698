"""Addresses and numbers are taken out of words; Dotdigital's codes are shown, and no other words in their place."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dev import PROJECT
from dotdigital.redaction import OTHER, redact, shown_code

FORMATS = st.sampled_from(["E164", "INTERNATIONAL", "RFC3966"]).map(
    lambda name: getattr(phonenumbers.PhoneNumberFormat, name)
)
NUMBERS = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)).map(
    lambda region: phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
)
GAPS = st.sampled_from(["", "", " ", "-", ".", " (", ") ", "\u2011", "\u00a0", "/"])
WRITTEN_NUMBERS = st.builds(phonenumbers.format_number, NUMBERS.filter(bool), FORMATS) | st.builds(
    lambda number, gaps: "".join(digit + gap for digit, gap in zip(str(number), gaps, strict=False)) + "99",
    st.integers(min_value=10**8, max_value=10**14),
    st.lists(GAPS, min_size=15, max_size=15),
)
ADDRESSES = (
    st.emails()
    | st.from_regex(r'"[a-z .()\[\]:;@,-]{1,20}"@example\.com', fullmatch=True)
    | st.sampled_from(["josé@exämple.com", "用户@例子.公司", "o'brien+x@example.com"])
)
AROUND = st.sampled_from(["{}", "Not found: {}", "<{}> is not valid.", "'{}'", '["{}", 1]', "to={}&x", "a {}\n\tb"])


@given(ADDRESSES, AROUND)
def test_no_address_survives(address: str, words: str) -> None:
    redacted = redact(words.format(address))
    local, _, domain = address.rpartition("@")
    assert "[address]" in redacted
    assert "@" not in redacted
    assert local.strip('"') not in set(redacted.replace("[address]", "").split()) - set(words.split())
    assert domain not in redacted
    url = f"https://r1-api.dotdigital.com/contacts/v3/email/{quote(address, safe='')}"
    assert redact(f"No HTTP resource was found at {url} .") == "No HTTP resource was found at [address] ."


def every_letter(write: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(map(write, text))


ENCODINGS: dict[str, Callable[[str], str]] = {
    "percent": lambda text: quote(text, safe=""),
    "percent of every letter": every_letter(lambda letter: "".join(f"%{byte:02x}" for byte in letter.encode())),
    "html": lambda text: html.escape(text).replace("@", "&#64;"),
    "entities without an end": every_letter(lambda letter: letter if letter.isalnum() else f"&#{ord(letter)};"),
    "entities in hex": every_letter(lambda letter: f"&#x{ord(letter):X};"),
    "a named entity": lambda text: text.replace("@", "&commat;"),
    "json": lambda text: json.dumps(text)[1:-1].replace("@", "\\u0040"),
    "javascript": every_letter(lambda letter: letter if letter.isalnum() else f"\\u{{{ord(letter):x}}}"),
    "hex": lambda text: text.replace("@", "\\x40"),
    "escape": lambda text: text.replace("@", "%u0040"),
    "wide": lambda text: text.replace("@", "\uff20"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
}


@given(
    st.emails().filter(lambda address: len(address) < 40) | st.just("priya.raghunathan@example.com"),
    st.lists(st.sampled_from(sorted(ENCODINGS)), max_size=4),
)
@example("priya@example.com", ["percent"] * 2)
@example("priya@example.com", ["html"])
@example("priya@example.com", ["percent"] * 60)
@example("priya@example.com", ["html"] * 60)
@example("priya@example.com", ["base64"] * 4)
@example("priya@example.com", ["base64", "percent", "html"])
def test_no_address_survives_however_often_it_is_encoded(address: str, encodings: list[str]) -> None:
    text = address
    for encoding in encodings:
        text = ENCODINGS[encoding](text)
    assert redact(f"Not found: {text}") in ("Not found: [address]", "Not found:")


@given(st.text())
def test_any_words_are_redacted_once_and_for_all(text: str) -> None:
    redacted = redact(text)
    assert redact(redacted.removesuffix("…")) == redacted or len(redacted) > 300


@given(WRITTEN_NUMBERS, AROUND)
@example("%2B44%207700%20900123", "GET /contacts/v3/mobileNumber/{} failed")
def test_no_number_survives(number: str, words: str) -> None:
    redacted = redact(words.format(number))
    assert "[number]" in redacted
    assert not [word for word in redacted.split() if sum(map(str.isdigit, word)) > 3]


@given(st.text(alphabet='"@ a1.<>%4', max_size=5_000))
def test_nothing_that_looks_like_an_address_survives_in_any_text(text: str) -> None:
    assert not re.search(r"@\S", redact(text))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (" a\r\nb\tc\u2028d ", "a b c d"),
        ("a\ud800b", "a?b"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 300 + "…"),
        # Of words over 2,000 characters the last one is left out: it may be half an address.
        ("a" * 1_994 + "@x.com", "[address]"),
        ("a" * 1_995 + "@x.com", ""),
        ("to " + "a" * 1_995 + "@x.com", "to"),
        ("to " + "a" * 1_000 + "@x.com and " + "b" * 1_000 + "@x.com", "to [address] and"),
        *(
            (same, same)
            for same in (
                "Error: ERROR_ADDRESSBOOK_NOT_FOUND",
                "Not found using the identifier 'email'",
                "line 1, position 15",
                "at most 100 of 2,000 characters, 123456 at once",
                "100% of (5) [6] + 7 @ 8",
            )
        ),
    ],
)
def test_other_words_stay_on_one_line_of_300_characters(text: str, redacted: str) -> None:
    assert redact(text) == redacted


WRITTEN_CODES = r"\bERROR_[A-Z_]+[A-Z]\b|\b(?:contacts|events|insightData|server):[a-zA-Z]+"
DESCRIBED = {
    code
    for path in (*(PROJECT / "layers/shared/dotdigital").glob("*.py"), PROJECT / "docs/outcomes.md")
    for code in re.findall(WRITTEN_CODES, path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize(
    "code",
    [
        *sorted(DESCRIBED),
        "contacts:cannotBeUnsuppressed",
        "accounts:maxAccountLimit",
        "customIdentifiers:nameAlreadyExists",
        "ERROR_SMS_INVALIDPHONENUMBER",
        "ERROR_CAMPAIGN_CONTAINS_UNSUPPORTED_BLOCKS",
        "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE",
        "ExceedsAllowedContactLimit",
        "invalidEmail, exceedsAllowedContactLimit",
    ],
)
def test_a_code_of_dotdigitals_is_shown(code: str) -> None:
    assert shown_code(code) == code


@pytest.mark.parametrize(
    "text",
    ["Priya", "priya:invalid", "contacts:priyaRaghunathan", "ERROR_PRIYA", "ERROR_447700900123", "kim@example.com", ""],
)
def test_other_words_are_not(text: str) -> None:
    assert shown_code(text) == OTHER
    assert shown_code(f"invalidEmail, {text}") == f"invalidEmail, {OTHER}"


@given(st.text() | st.text(alphabet="ERO_ab:,", max_size=200))
def test_any_text_is_a_code_or_not(text: str) -> None:
    assert all(each == OTHER or re.fullmatch("[A-Za-z:_]+", each) for each in shown_code(text).split(", "))

"""Codes of Dotdigital's are shown; anything else that stands where one should is not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital.redaction import OTHER, shown_code
from tests.support.functions import PROJECT

DESCRIBED = sorted(
    set(
        re.findall(
            r"\bERROR_[A-Z_]+[A-Z]\b|\b(?:contacts|events|insightData|server):[a-zA-Z]+",
            "".join(path.read_text(encoding="utf-8") for path in (PROJECT / "layers/shared/dotdigital").glob("*.py"))
            + (PROJECT / "docs/outcomes.md").read_text(encoding="utf-8"),
        )
    )
)


@pytest.mark.parametrize(
    "code",
    [
        *DESCRIBED,
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

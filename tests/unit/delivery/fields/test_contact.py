from typing import Any

import pytest

from delivery.fields.contact import ContactPayload, ContactWithNumberPayload
from delivery.fields.payload import PayloadError
from dotdigital import Identifier
from tests.support.deliveries import NOW

MAPPED = {
    "channelIdentifier": "email",
    "emailIdentifier": "noor@example.com",
    "mobileNumberIdentifier": "+44 7700 900123",
}


def identifier(**differences: Any) -> Identifier:
    return ContactPayload.read({**MAPPED, **differences}, now=NOW).identifier


def problems(**differences: Any) -> dict[str, str]:
    with pytest.raises(PayloadError) as caught:
        identifier(**differences)
    return caught.value.fields


def test_by_email() -> None:
    assert identifier() == Identifier("email", "noor@example.com")


def test_by_mobile_number() -> None:
    assert identifier(channelIdentifier="mobileNumber") == Identifier("mobileNumber", "447700900123")


@pytest.mark.parametrize("other", [None, "call me", {}])
def test_the_other_identifier_is_ignored(other: Any) -> None:
    assert identifier(mobileNumberIdentifier=other) == Identifier("email", "noor@example.com")
    assert identifier(channelIdentifier="mobileNumber", emailIdentifier=other) == Identifier(
        "mobileNumber", "447700900123"
    )


def test_the_channel_is_required() -> None:
    assert problems(channelIdentifier=None) == {"channelIdentifier": "is required"}


def test_the_channel_is_one_of_two() -> None:
    assert problems(channelIdentifier="mobile-number") == {
        "channelIdentifier": "must be one of 'email' or 'mobileNumber'"
    }


@pytest.mark.parametrize(
    ("channel", "field"), [("email", "emailIdentifier"), ("mobileNumber", "mobileNumberIdentifier")]
)
def test_the_identifier_of_the_channel_is_required(channel: str, field: str) -> None:
    assert problems(**{"channelIdentifier": channel, field: None}) == {field: "is required"}


def test_a_bad_identifier_is_told() -> None:
    assert problems(emailIdentifier="noor") == {
        "emailIdentifier": "must be one e-mail address without a name, such as noor@example.com"
    }


def identifiers(**differences: Any) -> tuple[Identifier, ...]:
    return ContactWithNumberPayload.read({**MAPPED, **differences}, now=NOW).identifiers


EMAIL = Identifier("email", "noor@example.com")
NUMBER = Identifier("mobileNumber", "447700900123")


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        ({}, (EMAIL,)),
        ({"alsoSetMobileNumber": False}, (EMAIL,)),
        ({"mobileNumberIdentifier": "call me"}, (EMAIL,)),
        ({"numberCountry": "nowhere"}, (EMAIL,)),
        ({"alsoSetMobileNumber": "True"}, (EMAIL, NUMBER)),
        (
            {"alsoSetMobileNumber": True, "mobileNumberIdentifier": "07700 900123", "numberCountry": "GB"},
            (EMAIL, NUMBER),
        ),
        ({"alsoSetMobileNumber": True, "mobileNumberIdentifier": None}, (EMAIL,)),
        ({"alsoSetMobileNumber": True, "mobileNumberIdentifier": " "}, (EMAIL,)),
        ({"alsoSetMobileNumber": True, "channelIdentifier": "mobileNumber"}, (NUMBER,)),
        ({"alsoSetMobileNumber": "maybe", "channelIdentifier": "mobileNumber"}, (NUMBER,)),
    ],
)
def test_a_number_goes_beside_an_address_only_where_the_mapping_says_so(
    differences: dict[str, Any], expected: tuple[Identifier, ...]
) -> None:
    assert identifiers(**differences) == expected


@pytest.mark.parametrize(
    ("differences", "field"),
    [
        ({"mobileNumberIdentifier": "07700 900123"}, "mobileNumberIdentifier"),
        ({"numberCountry": "UK"}, "numberCountry"),
        ({"emailIdentifier": None}, "emailIdentifier"),
    ],
)
def test_what_is_wrong_beside_an_address_is_told(differences: dict[str, Any], field: str) -> None:
    with pytest.raises(PayloadError) as caught:
        identifiers(alsoSetMobileNumber=True, **differences)
    assert list(caught.value.fields) == [field]

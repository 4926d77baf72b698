from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dotdigital import (
    Contact,
    ContactDetails,
    Identifier,
    RejectedError,
    one_spelling,
)
from tests.support.dotdigital_server import DotdigitalServer, Sent

EMAIL = Identifier("email", "jane@example.com")
NUMBER = Identifier("mobileNumber", "447700900123")
ANSWER = {
    "contactId": 42,
    "status": "subscribed",
    "identifiers": {"email": "jane@example.com", "mobileNumber": "447700900123"},
    "channelProperties": {"email": {"status": "softBounced", "emailType": "Html"}, "sms": {"status": "bounced"}},
    "lists": [{"id": 7, "name": "News", "status": "subscribed"}, {"id": 9, "name": "Offers", "status": "pending"}],
}
CONTACT = Contact(42, "subscribed", "softBounced", frozenset({7, 9}), "bounced", frozenset({EMAIL, NUMBER}))
LETTERS = st.text("aAkKiIsSzZ@.\u0130\u0131\u0307\u212a\u017f\u00df\u1e9e\u00e9\u00c9", max_size=4) | st.text(
    max_size=4
)


@given(LETTERS, LETTERS)
@example("\u0130da@example.com", "i\u0307da@example.com")
@example("\N{KELVIN SIGN}ate@example.com", "kate@example.com")
@example("\u00c9va@example.com", "\u00e9va@example.com")
@example("Noor@Example.com", "nOOR@eXAMPLE.COM")
def test_two_addresses_are_one_only_where_ascii_case_is_all_that_differs(one: str, other: str) -> None:
    # What lower() does to bytes it does to ASCII alone.
    assert (one_spelling(one) == one_spelling(other)) is (one.encode().lower() == other.encode().lower())


@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        (EMAIL, "/contacts/v3/email/jane%40example.com"),
        (NUMBER, "/contacts/v3/mobileNumber/447700900123"),
        (Identifier("email", "a/b#c?d%e+f@example.com"), "/contacts/v3/email/a%2Fb%23c%3Fd%25e%2Bf%40example.com"),
        (Identifier("email", "josé@exämple.com"), "/contacts/v3/email/jos%C3%A9%40ex%C3%A4mple.com"),
    ],
)
def test_get_and_delete_name_one_contact(server: DotdigitalServer, identifier: Identifier, path: str) -> None:
    server.answers(200, ANSWER)
    assert server.client().contacts.get(identifier) == CONTACT
    server.answers(200, {"contactId": 42})
    assert server.client().contacts.delete(identifier) == 42
    assert server.sent == [Sent("GET", path), Sent("DELETE", path)]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("identifier", [EMAIL, NUMBER])
def test_upsert_names_the_contact_in_path_and_body_and_says_nothing_else(
    server: DotdigitalServer, identifier: Identifier, status: int
) -> None:
    server.answers(status, ANSWER)
    assert server.client().contacts.upsert(identifier) == CONTACT
    path = f"/contacts/v3/{identifier.channel}/{identifier.value.replace('@', '%40')}"
    body = {"identifiers": {identifier.channel: identifier.value}}
    assert server.sent == [Sent("PATCH", path, "", body)]


BOTH: ContactDetails = {"identifiers": {"email": "jane@example.com", "mobileNumber": "447700900123"}}
DETAILS: ContactDetails = {
    "channelProperties": {"email": {"emailType": "html"}},
    "dataFields": {"FIRSTNAME": "Zoë", "AGE": 41, "VIP": True, "GONE": None},
    "lists": [7],
}


@pytest.mark.parametrize("details", [DETAILS, BOTH])
def test_upsert_sends_the_details_as_they_are(server: DotdigitalServer, details: ContactDetails) -> None:
    server.answers(201, ANSWER)
    server.client().contacts.upsert(EMAIL, details)
    body = {"identifiers": {"email": "jane@example.com"}, **details}
    assert server.sent == [Sent("PATCH", "/contacts/v3/email/jane%40example.com", "merge-option=overwrite", body)]


@pytest.mark.parametrize(
    ("change", "contact"),
    [
        ({"status": None}, CONTACT._replace(status="")),
        ({"channelProperties": None}, CONTACT._replace(email_status="", sms_status="")),
        ({"channelProperties": {"email": None}}, CONTACT._replace(email_status="", sms_status="")),
        ({"lists": None}, CONTACT._replace(list_ids=frozenset())),
        ({"lists": [None, 7, {"id": [7]}, {}, {"id": 8}]}, CONTACT._replace(list_ids=frozenset({8}))),
        ({"identifiers": None}, CONTACT._replace(identifiers=frozenset())),
        ({"identifiers": {"email": "", "mobileNumber": 4, "x": "y"}}, CONTACT._replace(identifiers=frozenset())),
    ],
)
def test_what_is_odd_beside_the_id_is_left_out(
    server: DotdigitalServer, change: dict[str, Any], contact: Contact
) -> None:
    server.answers(200, {**ANSWER, **change})
    assert server.client().contacts.get(EMAIL) == contact
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    ("status", "is_deleted"),
    [("binned", True), ("Deleted", True), ("subscribed", False), ("unsubscribed", False), ("", False)],
)
def test_a_contact_in_the_recycle_bin(status: str, is_deleted: bool) -> None:
    assert Contact(42, status, "subscribed", frozenset()).is_deleted is is_deleted


TAKEN = {"errorCode": "contacts:idAlreadyExists", "description": "Taken"}
CONFLICT = {"errorCode": "contacts:identifierConflict", "description": "Taken"}


@pytest.mark.parametrize("refusal", [TAKEN, CONFLICT])
def test_a_contact_that_somebody_makes_at_the_same_moment_is_updated_once_more(
    server: DotdigitalServer, refusal: dict[str, str]
) -> None:
    server.answers(409, refusal)
    server.answers(200, ANSWER)
    assert server.client().contacts.upsert(EMAIL, {"lists": [7]}) == CONTACT
    assert server.sent[0] == server.sent[1]


def test_a_conflict_that_stays_is_told(server: DotdigitalServer) -> None:
    server.answers(409, TAKEN)
    server.answers(409, CONFLICT)
    with pytest.raises(RejectedError) as caught:
        server.client().contacts.upsert(EMAIL)
    assert caught.value.code == "contacts:identifierConflict"
    assert len(server.sent) == 2


def test_an_identifier_of_another_contact_is_told_as_such(server: DotdigitalServer) -> None:
    for refusal in (TAKEN, CONFLICT):
        server.answers(409, refusal)
    with pytest.raises(RejectedError) as caught:
        server.client().contacts.upsert(EMAIL, BOTH)
    assert (caught.value.status, caught.value.code) == (409, "contacts:identifierConflict")
    assert caught.value.description == (
        "the address and the mobile number are two contacts': merge them in Dotdigital, or correct one "
        f"({CONFLICT['description']})"
    )


def test_a_contact_of_two_identifiers_that_somebody_makes_at_the_same_moment_is_no_conflict(
    server: DotdigitalServer,
) -> None:
    server.answers(409, TAKEN)
    server.answers(200, ANSWER)
    assert server.client().contacts.upsert(EMAIL, BOTH) == CONTACT


def test_no_other_refusal_is_asked_for_again(server: DotdigitalServer) -> None:
    server.answers(422, TAKEN)
    with pytest.raises(RejectedError):
        server.client().contacts.upsert(EMAIL)
    assert len(server.sent) == 1

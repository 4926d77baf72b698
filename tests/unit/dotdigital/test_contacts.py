from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dotdigital import Contact, ContactDetails, Dotdigital, Identifier, RejectedError, one_spelling
from tests.support.dotdigital_server import DotdigitalServer, Sent

EMAIL, NUMBER = Identifier("email", "jane@example.com"), Identifier("mobileNumber", "447700900123")
JANE = {
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
def test_a_request_names_one_contact(
    dotdigital: Dotdigital, server: DotdigitalServer, identifier: Identifier, path: str
) -> None:
    server.responds((200, JANE), (200, {"contactId": 42}), (201, JANE))
    assert dotdigital.contacts.get(identifier) == CONTACT
    assert dotdigital.contacts.delete(identifier) == 42
    assert dotdigital.contacts.upsert(identifier) == CONTACT
    body = {"identifiers": {identifier.channel: identifier.value}}
    assert server.sent == [Sent("GET", path), Sent("DELETE", path), Sent("PATCH", path, "", body)]


BOTH: ContactDetails = {"identifiers": {"email": "jane@example.com", "mobileNumber": "447700900123"}}


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
    dotdigital: Dotdigital, server: DotdigitalServer, change: dict[str, Any], contact: Contact
) -> None:
    server.responds((200, JANE | change))
    assert dotdigital.contacts.get(EMAIL) == contact


@pytest.mark.parametrize(
    ("status", "is_deleted"),
    [("binned", True), ("Deleted", True), ("subscribed", False), ("unsubscribed", False), ("", False)],
)
def test_a_contact_in_the_recycle_bin(status: str, is_deleted: bool) -> None:
    assert Contact(42, status, "subscribed", frozenset()).is_deleted is is_deleted


TAKEN = {"errorCode": "contacts:idAlreadyExists", "description": "Taken"}
CONFLICT = {"errorCode": "contacts:identifierConflict", "description": "Taken"}


@pytest.mark.parametrize("refusal", [TAKEN, CONFLICT])
@pytest.mark.parametrize("details", [{"lists": [7]}, BOTH])
def test_a_contact_that_somebody_makes_at_the_same_time_is_updated_once_more(
    dotdigital: Dotdigital, server: DotdigitalServer, refusal: dict[str, str], details: ContactDetails
) -> None:
    server.responds((409, refusal), (200, JANE))
    assert dotdigital.contacts.upsert(EMAIL, details) == CONTACT
    assert server.sent[0] == server.sent[1]


TWO = "the address and the mobile number are two contacts': merge them in Dotdigital, or correct one (Taken)"


@pytest.mark.parametrize(
    ("statuses", "details", "description"),
    [((409, 409), {}, "Taken"), ((409, 409), BOTH, TWO), ((409, 422), BOTH, "Taken"), ((422,), BOTH, "Taken")],
)
def test_a_refusal_is_told_and_only_a_conflict_is_tried_again(
    dotdigital: Dotdigital,
    server: DotdigitalServer,
    statuses: tuple[int, ...],
    details: ContactDetails,
    description: str,
) -> None:
    server.responds(*[(status, TAKEN) for status in statuses[:-1]], (statuses[-1], CONFLICT))
    with pytest.raises(RejectedError) as caught:
        dotdigital.contacts.upsert(EMAIL, details)
    assert (caught.value.status, caught.value.code) == (statuses[-1], "contacts:identifierConflict")
    assert caught.value.description == description

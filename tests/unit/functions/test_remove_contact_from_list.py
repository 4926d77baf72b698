from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import deliver, delivered, refused, skipped, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "remove_contact_from_list"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "listId": 411}
ON_THE_LIST = (200, {"contactId": 5001, "lists": [{"id": 7}, {"id": 411}]})
UNKNOWN = (404, {"errorCode": "contacts:contactNotFound"})
GET = Sent("GET", "/contacts/v3/email/noor%40example.com")
DELETE = Sent("DELETE", "/v2/address-books/411/contacts/5001")


def remove(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


@pytest.mark.parametrize(
    ("differences", "path"),
    [
        ({}, GET.path),
        (
            {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+44 7700 900123"},
            "/contacts/v3/mobileNumber/447700900123",
        ),
    ],
)
def test_a_contact_on_the_list_is_taken_off_it_and_stays(
    server: DotdigitalServer, differences: dict[str, Any], path: str
) -> None:
    server.responds(ON_THE_LIST, 204)
    assert remove(server, **differences) == delivered(ACTION, contactId=5001, listId=411)
    assert server.sent == [Sent("GET", path), DELETE]


def test_an_unknown_contact_is_skipped(server: DotdigitalServer) -> None:
    server.responds(UNKNOWN)
    assert remove(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize("lists", [[], [{"id": 7}], None])
@pytest.mark.parametrize(
    ("response", "reason"), [(204, "the contact was not on the list"), (404, "the contact is not on the list")]
)
def test_a_contact_that_does_not_show_the_list_is_taken_off_all_the_same(
    server: DotdigitalServer, lists: Any, response: int, reason: str
) -> None:
    server.responds((200, {"contactId": 5001, "lists": lists}), response)
    assert remove(server) == skipped(ACTION, reason)
    assert server.sent == [GET, DELETE]


@pytest.mark.parametrize("status", [404, 400])
def test_a_contact_that_the_list_does_not_know_is_skipped(server: DotdigitalServer, status: int) -> None:
    server.responds(ON_THE_LIST, (status, {"message": "Error: ERROR_CONTACT_NOT_FOUND"}))
    assert remove(server) == skipped(ACTION, "the contact is not on the list")
    assert server.sent == [GET, DELETE]


@pytest.mark.parametrize(
    ("body", "reason", "code"),
    [
        (b"<h1>Not found</h1>", "Dotdigital answered 404", None),
        (
            {"message": "Error: ERROR_ADDRESSBOOK_NOT_FOUND"},
            "ERROR_ADDRESSBOOK_NOT_FOUND: Error: ERROR_ADDRESSBOOK_NOT_FOUND",
            "ERROR_ADDRESSBOOK_NOT_FOUND",
        ),
    ],
)
def test_a_404_that_does_not_name_the_contact_is_rejected(
    server: DotdigitalServer, body: Any, reason: str, code: str | None
) -> None:
    server.responds(ON_THE_LIST, (404, body))
    assert remove(server) == refused(ACTION, reason, 404, code)


def test_a_contact_without_an_id_reaches_no_list(server: DotdigitalServer) -> None:
    server.responds((200, {"status": "subscribed"}))
    assert remove(server).outcome == "retry"
    assert server.sent == [GET]


@pytest.mark.parametrize(
    ("list_id", "reason"),
    [(None, "is required"), ("٤١١", "must be a whole number above 0, an id as Dotdigital shows it")],
)
def test_what_is_no_list_reaches_nothing(server: DotdigitalServer, list_id: Any, reason: str) -> None:
    assert remove(server, listId=list_id) == wrong_fields(ACTION, listId=reason)
    assert server.sent == []


def test_a_number_that_walks_the_path_reaches_nothing(server: DotdigitalServer) -> None:
    outcome = remove(server, channelIdentifier="mobileNumber", mobileNumberIdentifier="../../../v2/account-info?x=")
    assert list(outcome.fields or {}) == ["mobileNumberIdentifier"]
    assert server.sent == []


def test_the_path_names_exactly_the_contact(server: DotdigitalServer) -> None:
    server.responds(UNKNOWN)
    remove(server, emailIdentifier="a/b#c?d@example.com")
    assert server.sent == [Sent("GET", "/contacts/v3/email/a%2Fb%23c%3Fd%40example.com")]

from typing import Any

import pytest

from delivery.outcome import Outcome, Refusal
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import SUBSCRIPTION, deliver, delivered, skipped, wrong_fields

ACTION = "remove_contact_from_list"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "listId": 411}
ON_THE_LIST = {"contactId": 5001, "lists": [{"id": 7}, {"id": 411}]}
GET = Sent("GET", "/contacts/v3/email/noor%40example.com")
DELETE = Sent("DELETE", "/v2/address-books/411/contacts/5001")


def remove(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def test_a_contact_on_the_list_is_taken_off_it_and_stays(server: DotdigitalServer) -> None:
    server.answers(200, ON_THE_LIST)
    server.answers(204)
    assert remove(server) == delivered(ACTION, contactId=5001, listId=411)
    assert server.sent == [GET, DELETE]


def test_by_mobile_number(server: DotdigitalServer) -> None:
    server.answers(200, ON_THE_LIST)
    server.answers(204)
    remove(server, channelIdentifier="mobileNumber", mobileNumberIdentifier="+44 7700 900123")
    assert server.sent == [Sent("GET", "/contacts/v3/mobileNumber/447700900123"), DELETE]


def test_an_unknown_contact_is_skipped(server: DotdigitalServer) -> None:
    server.answers(404, {"errorCode": "contacts:contactNotFound"})
    assert remove(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize("lists", [[], [{"id": 7}], None])
def test_a_contact_that_does_not_show_the_list_is_taken_off_all_the_same(server: DotdigitalServer, lists: Any) -> None:
    server.answers(200, {"contactId": 5001, "lists": lists})
    server.answers(204)
    assert remove(server) == skipped(ACTION, "the contact was not on the list")
    assert server.sent == [GET, DELETE]


@pytest.mark.parametrize(
    ("status", "message"), [(404, "Error: ERROR_CONTACT_NOT_FOUND"), (400, "ERROR_CONTACT_NOT_FOUND")]
)
def test_a_contact_that_the_list_does_not_know_is_skipped(server: DotdigitalServer, status: int, message: str) -> None:
    server.answers(200, ON_THE_LIST)
    server.answers(status, {"message": message})
    assert remove(server) == skipped(ACTION, "the contact is not on the list")
    assert server.sent == [GET, DELETE]


def test_a_404_that_names_nothing_is_believed_of_a_contact_that_does_not_show_the_list(
    server: DotdigitalServer,
) -> None:
    server.answers(200, {**ON_THE_LIST, "lists": []})
    server.answers(404)
    assert remove(server) == skipped(ACTION, "the contact is not on the list")
    assert server.sent == [GET, DELETE]


def test_a_404_that_names_nothing_is_rejected(server: DotdigitalServer) -> None:
    server.answers(200, ON_THE_LIST)
    server.answers(404, raw=b"<h1>Not found</h1>")
    assert remove(server) == Outcome("rejected", ACTION, SUBSCRIPTION, "Dotdigital answered 404", refusal=Refusal(404))


def test_an_unknown_list_is_rejected(server: DotdigitalServer) -> None:
    server.answers(200, ON_THE_LIST)
    server.answers(404, {"message": "Error: ERROR_ADDRESSBOOK_NOT_FOUND"})
    assert remove(server) == Outcome(
        "rejected",
        ACTION,
        SUBSCRIPTION,
        "ERROR_ADDRESSBOOK_NOT_FOUND: Error: ERROR_ADDRESSBOOK_NOT_FOUND",
        refusal=Refusal(404, "ERROR_ADDRESSBOOK_NOT_FOUND"),
    )


def test_a_contact_without_an_id_reaches_no_list(server: DotdigitalServer) -> None:
    server.answers(200, {"status": "subscribed"})
    assert remove(server).outcome == "retry"
    assert server.sent == [GET]


@pytest.mark.parametrize("list_id", [0, "0", True, "0x10", 12.75, -4, [411], "٤١١", 2**31])
def test_what_is_no_list_reaches_nothing(server: DotdigitalServer, list_id: Any) -> None:
    assert remove(server, listId=list_id) == wrong_fields(
        ACTION, listId="must be a whole number above 0, an id as Dotdigital shows it"
    )
    assert server.sent == []


def test_the_list_is_required(server: DotdigitalServer) -> None:
    assert remove(server, listId=None) == wrong_fields(ACTION, listId="is required")


def test_a_number_that_walks_the_path_reaches_nothing(server: DotdigitalServer) -> None:
    outcome = remove(server, channelIdentifier="mobileNumber", mobileNumberIdentifier="../../../v2/account-info?x=")
    assert list(outcome.fields or {}) == ["mobileNumberIdentifier"]
    assert server.sent == []


@pytest.mark.parametrize(
    ("email", "path"), [("a#b@example.com", "a%23b%40example.com"), ("a/b?c@example.com", "a%2Fb%3Fc%40example.com")]
)
def test_the_path_names_exactly_the_contact(server: DotdigitalServer, email: str, path: str) -> None:
    server.answers(404, {"errorCode": "contacts:contactNotFound"})
    remove(server, emailIdentifier=email)
    assert server.sent == [Sent("GET", f"/contacts/v3/email/{path}")]

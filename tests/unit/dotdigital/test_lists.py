from typing import Any

import pytest

from dotdigital import ContactList, DotdigitalError, NotFoundError, RejectedError, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent

REMOVAL = Sent("DELETE", "/v2/address-books/7/contacts/42")


def test_a_removal_takes_the_contact_off_the_list_and_does_no_more(server: DotdigitalServer) -> None:
    server.answers(204)
    server.client().lists.remove(7, 42)
    assert server.sent == [REMOVAL]


@pytest.mark.parametrize("odd", [None, 0, -1, True, "7", 7.0, "7/contacts/9"])
def test_odd_ids_reach_no_path(server: DotdigitalServer, odd: Any) -> None:
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        server.client().lists.remove(odd, 42)
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        server.client().lists.remove(7, odd)
    assert server.sent == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "ERROR_ADDRESSBOOK_NOT_FOUND", NotFoundError),
        (400, "ERROR_ADDRESSBOOK_NOT_FOUND", NotFoundError),
        (404, "ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "ERROR_ADDRESSBOOK_NOTWRITABLE", RejectedError),
        (500, "ERROR_UNKNOWN", UnavailableError),
    ],
)
def test_a_refusal_is_told(server: DotdigitalServer, status: int, code: str, kind: type[DotdigitalError]) -> None:
    server.answers(status, {"message": f"Error: {code}"})
    with pytest.raises(kind) as caught:
        server.client().lists.remove(7, 42)
    assert (caught.type, caught.value.status, caught.value.code) == (kind, status, code)
    assert server.sent == [REMOVAL]


CREATED = {"id": 9, "name": "VIPs", "visibility": "Public", "contacts": 0}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (CREATED, ContactList(9, "VIPs", "Public", 0)),
        ({"id": 9}, ContactList(9, "VIPs", "Public", 0)),
        ({**CREATED, "name": "VIPs (2)"}, ContactList(9, "VIPs (2)", "Public", 0)),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_list_is_created(server: DotdigitalServer, status: int, answer: Any, found: ContactList) -> None:
    server.answers(status, answer)
    assert server.client().lists.create("VIPs", "Public") == found
    assert server.sent == [Sent("POST", "/v2/address-books", "", {"name": "VIPs", "visibility": "Public"})]


def test_a_list_is_private_unless_it_is_said(server: DotdigitalServer) -> None:
    server.answers(200, {"id": 9})
    assert server.client().lists.create("VIPs") == ContactList(9, "VIPs", "Private", 0)


@pytest.mark.parametrize("name", ["", "  ", "x" * 129])
def test_a_name_that_no_list_has_reaches_nothing(server: DotdigitalServer, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a list must have 1 to 128 characters"):
        server.client().lists.create(name)
    assert server.sent == []


def test_a_name_that_is_taken_is_told_with_its_code(server: DotdigitalServer) -> None:
    server.answers(400, {"message": "Error: ERROR_ADDRESSBOOK_DUPLICATE"})
    with pytest.raises(RejectedError) as caught:
        server.client().lists.create("VIPs")
    assert caught.value.code == "ERROR_ADDRESSBOOK_DUPLICATE"


@pytest.mark.parametrize("answer", [None, {}, [], {"id": "9"}, {"id": 0}])
def test_a_list_without_an_id_is_no_list(server: DotdigitalServer, answer: Any) -> None:
    server.answers(200, answer)
    with pytest.raises(UnavailableError, match="it has no id"):
        server.client().lists.create("VIPs")


@pytest.mark.parametrize("contacts", [[42], list(range(1, 1001))])
def test_many_are_taken_off_a_list_in_one_call(server: DotdigitalServer, contacts: list[int]) -> None:
    server.answers(202, {"id": "8a7b", "status": "Started"})
    server.client().lists.remove_many(7, contacts)
    assert server.sent == [Sent("POST", "/v2/address-books/7/contacts/delete", "", contacts)]


@pytest.mark.parametrize("contacts", [[], list(range(1, 1002))])
def test_a_removal_of_nobody_or_of_too_many_is_not_asked_for(server: DotdigitalServer, contacts: list[int]) -> None:
    with pytest.raises(RejectedError, match="a removal takes 1 to 1000 contacts"):
        server.client().lists.remove_many(7, contacts)
    assert server.sent == []


@pytest.mark.parametrize("odd", [None, 0, -1, True, "42", 42.0])
def test_one_odd_id_stops_the_whole_removal(server: DotdigitalServer, odd: Any) -> None:
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        server.client().lists.remove_many(7, [42, odd])
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        server.client().lists.remove_many(odd, [42])
    assert server.sent == []


@pytest.mark.parametrize("email", ["jane@example.com", "a+b%40c@example.com", 'o"hara/é@example.com'])
def test_a_contact_is_unsubscribed_from_one_list(server: DotdigitalServer, email: str) -> None:
    server.answers(200, {"suppressedContact": {"id": 42}, "reason": "Unsubscribed"})
    server.client().lists.unsubscribe(7, email)
    assert server.sent == [Sent("POST", "/v2/address-books/7/contacts/unsubscribe", "", {"email": email})]


def test_an_odd_list_id_unsubscribes_nobody(server: DotdigitalServer) -> None:
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        server.client().lists.unsubscribe(0, "jane@example.com")
    assert server.sent == []

from typing import Any

import pytest

from dotdigital import ContactList, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

CREATED = {"id": 9, "name": "VIPs", "visibility": "Public", "contacts": 0}


def test_a_removal_takes_the_contact_off_the_list_and_does_no_more(server: DotdigitalServer) -> None:
    server.answers(204)
    server.client().lists.remove(7, 42)
    assert server.sent == [Sent("DELETE", "/v2/address-books/7/contacts/42")]


@pytest.mark.parametrize("odd", [None, 0, -1, True, "7", 7.0, "7/contacts/9"])
def test_odd_ids_reach_no_path(server: DotdigitalServer, odd: Any) -> None:
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        server.client().lists.remove(odd, 42)
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        server.client().lists.remove(7, odd)
    assert server.sent == []


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


@pytest.mark.parametrize("contacts", [[42], list(range(1, 1001))])
def test_many_are_taken_off_a_list_in_one_request(server: DotdigitalServer, contacts: list[int]) -> None:
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


def test_the_lists_of_an_account(server: DotdigitalServer) -> None:
    news = {"id": 7, "name": "News", "visibility": "Public", "contacts": 12}
    server.answers(200, [news, {**news, "id": 8, "visibility": "Private", "contacts": 0}])
    assert server.client().lists.all() == (ContactList(7, "News", "Public", 12), ContactList(8, "News", "Private", 0))
    assert server.sent == [Sent("GET", "/v2/address-books", "select=1000")]


def test_odd_lists_are_left_out_and_odd_values_are_empty(server: DotdigitalServer) -> None:
    server.answers(200, [None, {"name": "News"}, {"id": "7"}, {"id": 0}, {"id": 9, "name": 5, "contacts": "12"}])
    assert server.client().lists.all() == (ContactList(9, "", "", 0),)

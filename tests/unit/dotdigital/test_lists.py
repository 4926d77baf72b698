from typing import Any

import pytest

from dotdigital import ContactList, Dotdigital, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

LISTS = "/v2/address-books"
CREATED = {"id": 9, "name": "VIPs (2)", "visibility": "Private", "contacts": 3}


def test_the_lists_of_an_account(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    odd = [None, {"name": "News"}, {"id": "7"}, {"id": 0}, {"id": 9, "name": 5, "contacts": "12"}]
    server.responds((200, [{"id": 7, "name": "News", "visibility": "Public", "contacts": 12}, *odd]))
    assert dotdigital.lists.all() == (ContactList(7, "News", "Public", 12), ContactList(9, "", "", 0))
    assert server.sent == [Sent("GET", LISTS, "select=1000")]


@pytest.mark.parametrize(
    ("response", "created"),
    [({"id": 9}, ContactList(9, "VIPs", "Public", 0)), (CREATED, ContactList(9, "VIPs (2)", "Private", 3))],
)
def test_a_list_is_created(dotdigital: Dotdigital, server: DotdigitalServer, response: Any, created: Any) -> None:
    server.responds((201, response))
    assert dotdigital.lists.create("VIPs", "Public") == created
    assert server.sent == [Sent("POST", LISTS, "", {"name": "VIPs", "visibility": "Public"})]


def test_a_list_is_private_unless_public_is_asked_for(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((201, {"id": 9}))
    assert dotdigital.lists.create("x" * 128) == ContactList(9, "x" * 128, "Private", 0)


@pytest.mark.parametrize("name", ["", "  ", "x" * 129])
def test_a_name_that_no_list_has_reaches_nothing(dotdigital: Dotdigital, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a list must have 1 to 128 characters"):
        dotdigital.lists.create(name)


def test_a_contact_is_taken_off_a_list_and_stays(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds(204)
    dotdigital.lists.remove(7, 42)
    assert server.sent == [Sent("DELETE", f"{LISTS}/7/contacts/42")]


@pytest.mark.parametrize("contacts", [[42], [*range(1, 1001)]])
def test_many_are_taken_off_a_list_by_one_request(
    dotdigital: Dotdigital, server: DotdigitalServer, contacts: list[int]
) -> None:
    server.responds((202, {"id": "8a7b", "status": "Started"}))
    dotdigital.lists.remove_many(7, contacts)
    assert server.sent == [Sent("POST", f"{LISTS}/7/contacts/delete", "", contacts)]


@pytest.mark.parametrize("contacts", [[], [*range(1, 1002)]])
def test_a_removal_takes_1_to_1000_contacts(dotdigital: Dotdigital, contacts: list[int]) -> None:
    with pytest.raises(RejectedError, match="a removal takes 1 to 1000 contacts"):
        dotdigital.lists.remove_many(7, contacts)


@pytest.mark.parametrize("email", ["jane@example.com", "a+b%40c@example.com", 'o"hara/é@example.com'])
def test_a_contact_is_unsubscribed_from_one_list(dotdigital: Dotdigital, server: DotdigitalServer, email: str) -> None:
    server.responds((200, {"suppressedContact": {"id": 42}, "reason": "Unsubscribed"}))
    dotdigital.lists.unsubscribe(7, email)
    assert server.sent == [Sent("POST", f"{LISTS}/7/contacts/unsubscribe", "", {"email": email})]

"""The lists of an account and their bounds; tests/unit/functions has what goes out for each action and audience."""

import pytest

from dotdigital import ContactList, Dotdigital, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

LISTS = "/v2/address-books"


def test_the_lists_of_an_account(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    odd = [None, {"name": "News"}, {"id": "7"}, {"id": 0}, {"id": 9, "name": 5, "contacts": "12"}]
    server.responds((200, [{"id": 7, "name": "News", "visibility": "Public", "contacts": 12}, *odd]))
    assert dotdigital.lists.all() == (ContactList(7, "News", "Public", 12), ContactList(9, "", "", 0))
    assert server.sent == [Sent("GET", LISTS, "select=1000")]


def test_a_list_is_private_unless_public_is_asked_for(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((201, {"id": 9}), (201, {"id": 9, "name": "VIPs (2)", "visibility": "Public", "contacts": 3}))
    assert dotdigital.lists.create("x" * 128) == ContactList(9, "x" * 128, "Private", 0)
    assert dotdigital.lists.create("VIPs", "Public") == ContactList(9, "VIPs (2)", "Public", 3)
    assert [sent.body["visibility"] for sent in server.sent] == ["Private", "Public"]


@pytest.mark.parametrize("name", ["", "  ", "x" * 129])
def test_a_name_that_no_list_has_reaches_nothing(dotdigital: Dotdigital, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a list must have 1 to 128 characters"):
        dotdigital.lists.create(name)


def test_a_removal_takes_1_to_1000_contacts(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((202, {"id": "8a7b", "status": "Started"}))
    dotdigital.lists.remove_many(7, [*range(1, 1001)])
    assert server.sent == [Sent("POST", f"{LISTS}/7/contacts/delete", "", [*range(1, 1001)])]
    for contacts in ([], [*range(1, 1002)]):
        with pytest.raises(RejectedError, match="a removal takes 1 to 1000 contacts"):
            dotdigital.lists.remove_many(7, contacts)

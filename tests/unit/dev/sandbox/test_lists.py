"""Lists, and taking a contact off one."""

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")
LIST = "/v2/address-books/301/contacts"


def test_lists_with_their_number_of_contacts(api: Any) -> None:
    assert api("GET", "/v2/address-books") == (
        200,
        [
            {"id": 1, "name": "All Contacts", "visibility": "Private", "contacts": 0},
            {"id": 2, "name": "Test", "visibility": "Private", "contacts": 0},
            {"id": 301, "name": "Newsletter", "visibility": "Public", "contacts": 2},
            {"id": 302, "name": "Customers", "visibility": "Private", "contacts": 2},
            {"id": 303, "name": "Waiting list", "visibility": "Private", "contacts": 0},
        ],
    )


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 301, 302, 303]),
        ("?select=2", [1, 2]),
        ("?select=2&skip=4", [303]),
        ("?skip=5", []),
        ("?select=1000&skip=0", [1, 2, 301, 302, 303]),
    ],
)
def test_paging(api: Any, query: str, ids: list[int]) -> None:
    assert [row["id"] for row in api("GET", f"/v2/address-books{query}")[1]] == ids


def test_a_contact_leaves_a_list_and_stays_a_contact(api: Any, effects: Any) -> None:
    assert api("DELETE", "/v2/address-books/301/contacts/1001") == (204, "")
    assert api("GET", "/contacts/v3/contactId/1001")[1]["lists"] == []
    assert effects() == [("list_left", {"contactId": 1001, "listId": 301})]


def test_a_new_list(api: Any, effects: Any) -> None:
    row = {"id": 304, "name": "VIPs", "visibility": "Private", "contacts": 0}
    assert api("POST", "/v2/address-books", {"name": "VIPs"}) == (200, row)
    assert api("GET", "/v2/address-books?skip=5") == (200, [row])
    assert api("PATCH", "/contacts/v3/contactId/1001", {"lists": [304]})[0] == 200
    assert effects()[0] == ("list_created", {"listId": 304, "name": "VIPs"})


def test_many_leave_a_list_and_stay_contacts(api: Any, effects: Any) -> None:
    status, answer = api("POST", f"{LIST}/delete", [1001, 1003, 1001, 1002, 9999])
    assert (status, answer) == (202, {"id": answer["id"], "status": "Started"})
    assert api("GET", "/contacts/v3/contactId/1003")[1]["lists"] == []
    assert effects() == [("list_left", {"contactId": number, "listId": 301}) for number in (1001, 1003)]


@pytest.mark.parametrize("again", [1, 2])
def test_who_is_unsubscribed_from_a_list_cannot_join_it_again(api: Any, effects: Any, again: int) -> None:
    for _ in range(again):
        status, answer = api("POST", f"{LIST}/unsubscribe", {"email": "Kim@example.com"})
    suppressed = {"id": 1001, "email": "kim@example.com", "status": "Unsubscribed"}
    assert (status, answer["suppressedContact"], answer["reason"]) == (200, suppressed, "Unsubscribed")
    _, contact = api("PATCH", "/contacts/v3/contactId/1001", {"lists": [301]})
    assert contact["lists"] == [{"id": 301, "name": "Newsletter", "status": "suppressed"}]
    assert [effect for effect, _ in effects()] == ["list_unsubscribed", "contact_updated"]

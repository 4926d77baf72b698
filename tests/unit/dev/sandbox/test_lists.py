"""Lists, and taking a contact off one."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")


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


@pytest.mark.parametrize("query", ["select=0", "select=1001", "skip=-1", "select=ten", "skip="])
@pytest.mark.parametrize("path", ["/v2/address-books", "/v2/programs", "/v2/campaigns/filtered"])
def test_bad_paging_is_400(api: Any, path: str, query: str) -> None:
    text = "select or skip is not valid. ERROR_PARAMETER_INVALID"
    assert api("GET", f"{path}?{query}") == (400, {"message": text})


def test_a_contact_leaves_a_list_and_stays_a_contact(api: Any, effects: Any) -> None:
    assert api("DELETE", "/v2/address-books/301/contacts/1001") == (204, "")
    assert api("GET", "/contacts/v3/contactId/1001")[1]["lists"] == []
    assert effects() == [("list_left", {"contactId": 1001, "listId": 301})]


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("999/contacts/1001", 404, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"),
        ("301/contacts/9999", 404, "Error: ERROR_CONTACT_NOT_FOUND"),
        ("302/contacts/1001", 404, "Error: ERROR_CONTACT_NOT_FOUND"),
        (
            "1/contacts/1001",
            400,
            "Address book cannot be written to via the API. ERROR_ADDRESSBOOK_NOTWRITABLE",
        ),
        ("301/contacts/undefined", 400, "contactId is not an id. ERROR_PARAMETER_INVALID"),
        ("0/contacts/1001", 400, "listId is not an id. ERROR_PARAMETER_INVALID"),
        ("-301/contacts/1001", 400, "listId is not an id. ERROR_PARAMETER_INVALID"),
        ("301/contacts/2147483648", 400, "contactId is not an id. ERROR_PARAMETER_INVALID"),
    ],
)
def test_what_cannot_leave(api: Any, effects: Any, path: str, status: int, message: str) -> None:
    assert api("DELETE", f"/v2/address-books/{path}") == (status, {"message": message})
    assert effects() == []


def test_a_new_list(api: Any, effects: Any) -> None:
    row = {"id": 304, "name": "VIPs", "visibility": "Private", "contacts": 0}
    assert api("POST", "/v2/address-books", {"name": "VIPs"}) == (200, row)
    assert api("GET", "/v2/address-books?skip=5") == (200, [row])
    assert api("PATCH", "/contacts/v3/contactId/1001", {"lists": [304]})[0] == 200
    assert effects()[0] == ("list_created", {"listId": 304, "name": "VIPs"})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": "newsletter"}, "Error: ERROR_ADDRESSBOOK_DUPLICATE"),
        ({"name": "All Contacts"}, "Error: ERROR_ADDRESSBOOK_DUPLICATE"),
        ({"name": ""}, "Not valid: name. ERROR_ADDRESSBOOK_INVALID"),
        ({"name": "x" * 129}, "Not valid: name. ERROR_ADDRESSBOOK_INVALID"),
        ({"name": "VIPs", "visibility": "Secret"}, "Not valid: visibility. ERROR_ADDRESSBOOK_INVALID"),
        ({"visibility": "Public"}, "Not valid: name. ERROR_ADDRESSBOOK_INVALID"),
    ],
)
def test_what_cannot_be_a_list(api: Any, effects: Any, body: object, message: str) -> None:
    assert api("POST", "/v2/address-books", body) == (400, {"message": message})
    assert effects() == []

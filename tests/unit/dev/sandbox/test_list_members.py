"""Many contacts taken off a list, and one unsubscribed from it."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

PATH = "/v2/address-books/301/contacts"
GIVE = "Give 1 to 1000 contact ids. ERROR_PARAMETER_INVALID"


def test_many_leave_a_list_and_stay_contacts(api: Any, effects: Any) -> None:
    status, answer = api("POST", f"{PATH}/delete", [1001, 1003, 1001, 1002, 9999])
    assert (status, answer) == (202, {"id": answer["id"], "status": "Started"})
    assert api("GET", "/contacts/v3/contactId/1003")[1]["lists"] == []
    assert effects() == [("list_left", {"contactId": number, "listId": 301}) for number in (1001, 1003)]


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        (f"{PATH}/delete", [], 400, "Error: ERROR_CONTACTS_ARE_NOT_SPECIFIED"),
        (f"{PATH}/delete", list(range(1, 1002)), 400, GIVE),
        (f"{PATH}/delete", [1001, None], 400, GIVE),
        (f"{PATH}/delete", {"contactIds": [1001]}, 400, GIVE),
        ("/v2/address-books/999/contacts/delete", [1001], 404, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"),
        ("/v2/address-books/999/contacts/unsubscribe", {}, 404, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"),
        (f"{PATH}/unsubscribe", {}, 400, "Not valid: email. ERROR_PARAMETER_INVALID"),
        (f"{PATH}/unsubscribe", {"email": "x@example.com"}, 404, "Error: ERROR_CONTACT_NOT_FOUND"),
        (f"{PATH}/unsubscribe", {"email": "deleted@example.org"}, 404, "Error: ERROR_CONTACT_NOT_FOUND"),
    ],
)
def test_what_is_refused(*, api: Any, effects: Any, path: str, body: object, status: int, message: str) -> None:
    assert api("POST", path, body) == (status, {"message": message})
    assert effects() == []


@pytest.mark.parametrize("call", ["delete", "unsubscribe"])
def test_a_reserved_list_is_not_written_to(api: Any, call: str) -> None:
    text = "Address book cannot be written to via the API. ERROR_ADDRESSBOOK_NOTWRITABLE"
    assert api("POST", f"/v2/address-books/1/contacts/{call}", []) == (400, {"message": text})


@pytest.mark.parametrize("again", [1, 2])
def test_who_is_unsubscribed_from_a_list_cannot_join_it_again(api: Any, effects: Any, again: int) -> None:
    for _ in range(again):
        status, answer = api("POST", f"{PATH}/unsubscribe", {"email": "Kim@example.com"})
    suppressed = {"id": 1001, "email": "kim@example.com", "status": "Unsubscribed"}
    assert (status, answer["suppressedContact"], answer["reason"]) == (200, suppressed, "Unsubscribed")
    _, contact = api("PATCH", "/contacts/v3/contactId/1001", {"lists": [301]})
    assert contact["lists"] == [{"id": 301, "name": "Newsletter", "status": "suppressed"}]
    assert [effect for effect, _ in effects()] == ["list_unsubscribed", "contact_updated"]

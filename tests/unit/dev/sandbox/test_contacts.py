"""GET, PATCH and DELETE of contacts."""

from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.sandbox.server import Sandbox

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

KIM = "/contacts/v3/email/kim%40example.com"
NEW = "/contacts/v3/email/new%40example.com"


def test_get_answers_with_the_full_contact(api: Any) -> None:
    assert api("GET", KIM) == (
        200,
        {
            "contactId": 1001,
            "status": "subscribed",
            "created": "2025-01-20T10:00:00.000Z",
            "updated": "2025-04-01T10:00:00.000Z",
            "identifiers": {"email": "kim@example.com", "mobileNumber": "447700900001"},
            "dataFields": {
                "FIRSTNAME": "Kim",
                "LASTNAME": "Park",
                "CITY": "Leeds",
                "POINTS": 120,
                "LASTORDERVALUE": 49.5,
                "LASTSEEN": "2025-04-01T10:00:00Z",
                "VIP": True,
            },
            "channelProperties": {
                "email": {"emailType": "Html", "optInType": "Single", "status": "subscribed"},
                "sms": {"countryCode": "GB", "status": "subscribed"},
                "whatsApp": {"status": "noSubscription"},
            },
            "lists": [{"id": 301, "name": "Newsletter", "status": "subscribed"}],
            "preferences": [],
            "consentRecords": [],
        },
    )


@pytest.mark.parametrize("path", ["email/KIM%40Example.COM", "mobileNumber/447700900001", "contactId/1001"])
def test_each_identifier_finds_the_contact(api: Any, path: str) -> None:
    status, body = api("GET", f"/contacts/v3/{path}")
    assert (status, body["contactId"]) == (200, 1001)


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        ("email", "nobody@example.com"),
        ("email", "deleted@example.org"),
        ("mobileNumber", "447700900999"),
        ("contactId", "1007"),
        ("contactId", "9999"),
    ],
)
def test_a_contact_that_is_not_there_is_404(api: Any, identifier: str, value: str) -> None:
    text = f"Not found using the identifier '{identifier}'"
    missing = {
        "errorCode": "contacts:contactNotFound",
        "description": "Contact not found",
        "details": [{"item": value, "description": text}],
    }
    for method in ("GET", "DELETE"):
        assert api(method, f"/contacts/v3/{identifier}/{value}") == (404, missing)


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        ("email", "kim"),
        ("email", "a@b@example.com"),
        ("email", f"{'k' * 245}@example.com"),
        ("mobileNumber", "0770090"),
        ("mobileNumber", "call me"),
        ("mobileNumber", "4" + "\N{ARABIC-INDIC DIGIT SEVEN}" * 11),
        ("contactId", "undefined"),
        ("contactId", "0"),
    ],
)
def test_a_value_that_cannot_be_that_identifier_is_400(api: Any, identifier: str, value: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        status, body = api(method, f"/contacts/v3/{identifier}/{value}", {})
        assert (status, body["errorCode"]) == (400, "contacts:invalidId")


def test_patch_creates_a_contact(api: Any, effects: Any) -> None:
    status, body = api("PATCH", NEW, {"identifiers": {"email": "new@example.com"}})
    assert (status, body["contactId"], body["status"]) == (201, 1008, "subscribed")
    assert body["channelProperties"] == {"email": {"emailType": "Html", "optInType": "Unknown", "status": "subscribed"}}
    assert api("GET", NEW) == (200, body)
    assert effects() == [
        ("contact_created", {"contactId": 1008, "changed": ["email"]}),
        ("status_changed", {"contactId": 1008, "channel": "email", "old": None, "new": body["status"]}),
    ]


def test_the_path_alone_creates_nobody(api: Any, effects: Any) -> None:
    status, body = api("PATCH", NEW, {"dataFields": {"CITY": "Leeds"}})
    assert (status, body["details"][0]["item"]) == (400, "identifiers")
    assert effects() == []


def test_an_unknown_contact_id_creates_nobody(api: Any, effects: Any) -> None:
    path = "/contacts/v3/contactId/9999"
    status, body = api("PATCH", path, {"identifiers": {"email": "new@example.com"}})
    assert (status, body["errorCode"]) == (400, "contacts:invalidId")
    assert effects() == []


def test_a_new_mobile_contact_has_the_account_setting_for_sms(api: Any) -> None:
    path = "/contacts/v3/mobileNumber/447700900008"
    status, body = api("PATCH", path, {"identifiers": {"mobileNumber": "+447700900008"}})
    assert (status, body["identifiers"]) == (201, {"mobileNumber": "447700900008"})
    assert body["channelProperties"]["sms"] == {"countryCode": "GB", "status": "noSubscription"}


def test_patch_updates_and_leaves_the_rest(api: Any, effects: Any, sandbox: Any) -> None:
    before = api("GET", KIM)[1]
    sandbox.clock.advance(1)
    status, body = api("PATCH", KIM, {"dataFields": {"points": 121}})
    assert status == 200
    assert body == before | {
        "dataFields": before["dataFields"] | {"POINTS": 121},
        "updated": body["updated"],
    }
    assert effects() == [("contact_updated", {"contactId": 1001, "changed": ["POINTS"]})]


def test_lists_are_added_to(api: Any, effects: Any) -> None:
    _, body = api("PATCH", KIM, {"lists": [301, 302]})
    assert [item["id"] for item in body["lists"]] == [301, 302]
    assert effects() == [
        ("contact_updated", {"contactId": 1001, "changed": []}),
        ("list_joined", {"contactId": 1001, "listId": 302}),
    ]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("lee@example.org", "subscribed"),
        ("sam@example.com", "suppressed"),
        ("noor@example.org", "suppressed"),
    ],
)
def test_a_list_holds_whether_its_contact_may_be_mailed(api: Any, address: str, status: str) -> None:
    _, body = api("PATCH", f"/contacts/v3/email/{address}", {"lists": [303]})
    assert {"id": 303, "name": "Waiting list", "status": status} in body["lists"]


def test_null_clears_a_data_field(api: Any) -> None:
    _, body = api("PATCH", KIM, {"dataFields": {"City": None}})
    assert body["dataFields"]["CITY"] is None


@pytest.mark.parametrize("holder", ["lee@example.org", "LEE@example.org", "deleted@example.org"])
def test_an_identifier_of_somebody_else_is_409(api: Any, effects: Any, holder: str) -> None:
    body = {"identifiers": {"email": holder}, "dataFields": {"CITY": "York"}}
    assert api("PATCH", KIM, body) == (
        409,
        {
            "errorCode": "contacts:idAlreadyExists",
            "description": "Identifier exists",
            "details": [{"item": "email", "description": "The email belongs to another contact"}],
        },
    )
    assert effects() == []


def test_a_contact_gets_another_address_and_the_old_one_is_free(api: Any) -> None:
    _, body = api("PATCH", KIM, {"identifiers": {"email": "kim.park@example.com"}})
    assert (body["contactId"], body["identifiers"]["email"]) == (1001, "kim.park@example.com")
    assert api("GET", KIM)[0] == 404
    assert api("PATCH", KIM, {"identifiers": {"email": "kim@example.com"}})[0] == 201


def test_delete_takes_the_contact_and_a_patch_brings_it_back(api: Any, effects: Any) -> None:
    assert api("DELETE", KIM) == (200, {"contactId": 1001})
    assert api("GET", KIM)[0] == 404
    status, body = api("PATCH", KIM, {})
    assert (status, body["contactId"], body["dataFields"]["CITY"]) == (200, 1001, "Leeds")
    assert effects() == [
        ("contact_deleted", {"contactId": 1001}),
        ("contact_undeleted", {"contactId": 1001}),
        ("contact_updated", {"contactId": 1001, "changed": []}),
    ]


def test_addresses_that_only_unicode_calls_one_are_two_contacts(api: Any) -> None:
    names = {"%C4%B0da": "\u0130da@example.com", "i%CC%87da": "i\u0307da@example.com"}
    answers = [
        api("PATCH", f"/contacts/v3/email/{path}%40example.com", {"identifiers": {"email": address}})
        for path, address in names.items()
    ]
    assert [(status, body["contactId"]) for status, body in answers] == [(201, 1008), (201, 1009)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CITY", "y" * 1000),
        ("POINTS", -0.5),
        ("VIP", False),
        ("LASTSEEN", "2025-02-28"),
        ("LASTSEEN", "2025-02-28T23:59:59.123Z"),
    ],
)
def test_a_value_that_fits_is_kept(api: Any, name: str, value: object) -> None:
    status, contact = api("PATCH", KIM, {"dataFields": {name: value}})
    assert (status, contact["dataFields"][name]) == (200, value)


@pytest.mark.parametrize(
    "local",
    ["lea/x", "lea#1", "lea?x=1&y", "lea%", "lea%2Fx", "..", "../../v2/account-info", "小さい😀", "a;b", "{value}"],
)
def test_the_contact_named_is_the_contact_made(api: Any, sandbox: Sandbox, local: str) -> None:
    address = f"{local}@example.com"
    path = f"/contacts/v3/email/{quote(address, safe='')}"
    status, contact = api("PATCH", path, {"identifiers": {"email": address}})
    assert (status, contact["identifiers"]) == (201, {"email": address})
    assert api("GET", path) == (200, contact)
    assert (sandbox.requests[0].raw_path, sandbox.requests[0].path) == (path, f"/contacts/v3/email/{address}")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(local=st.text(st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="@\u0130"), min_size=1))
def test_any_address_reaches_itself_alone(sandbox: Sandbox, session: requests.Session, local: str) -> None:
    sandbox.reset()
    untouched = sandbox.state.describe()
    address = f"{local[:40]}@xn--test.example.com"
    url = f"{sandbox.url}/contacts/v3/email/{quote(address, safe='')}"
    made = session.patch(url, json={"identifiers": {"email": address}}, timeout=10)
    assert (made.status_code, made.json()["identifiers"]) == (201, {"email": address})
    assert session.get(url, timeout=10).json() == made.json()
    everyone = sandbox.state.account.book.everyone()
    others = [contact for contact in everyone if contact.contact_id != made.json()["contactId"]]
    assert [sandbox.state.account.as_v3(contact) for contact in others] == untouched["contacts"]


def test_a_path_that_is_not_encoded_is_another_path(api: Any, sandbox: Sandbox) -> None:
    assert api("GET", "/contacts/v3/email/lea/x@example.com")[0] == 404
    assert [record.unexpected for record in sandbox.requests] == [True]
    sandbox.reset()

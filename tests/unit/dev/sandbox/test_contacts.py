"""GET, PATCH and DELETE of contacts."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

KIM = "/contacts/v3/email/kim%40example.com"
LEE = "/contacts/v3/email/lee%40example.org"
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


def test_an_identifier_of_no_known_name_is_400(api: Any) -> None:
    status, body = api("GET", "/contacts/v3/mobile-number/447700900001")
    assert (status, body["details"][0]["item"]) == (400, "identifier")


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


@pytest.mark.parametrize(
    ("merge", "given", "kept"),
    [
        ("overwrite", {"CITY": "", "POINTS": 5}, {"CITY": "", "POINTS": 5}),
        ("overwrite-if-not-empty", {"CITY": "", "POINTS": 5}, {"CITY": "Leeds", "POINTS": 5}),
        ("overwrite-if-not-empty", {"CITY": None, "POINTS": 0}, {"CITY": "Leeds", "POINTS": 0}),
        ("overwrite-if-empty", {"CITY": "York", "POINTS": 5}, {"CITY": "Leeds", "POINTS": 120}),
    ],
)
def test_merge_option(api: Any, merge: str, given: Any, kept: Any) -> None:
    _, body = api("PATCH", f"{KIM}?merge-option={merge}", {"dataFields": given})
    assert {name: body["dataFields"][name] for name in kept} == kept


def test_overwrite_if_empty_fills_an_empty_field(api: Any) -> None:
    _, body = api("PATCH", f"{LEE}?merge-option=overwrite-if-empty", {"dataFields": {"CITY": "York"}})
    assert body["dataFields"]["CITY"] == "York"


def test_overwrite_if_empty_takes_zero_and_false_for_values(api: Any) -> None:
    api("PATCH", KIM, {"dataFields": {"POINTS": 0, "VIP": False}})
    body = {"dataFields": {"POINTS": 5, "VIP": True}}
    _, contact = api("PATCH", f"{KIM}?merge-option=overwrite-if-empty", body)
    assert (contact["dataFields"]["POINTS"], contact["dataFields"]["VIP"]) == (0, False)


def test_an_unknown_merge_option_is_400(api: Any) -> None:
    status, body = api("PATCH", f"{KIM}?merge-option=overwriteIfEmpty", {})
    assert (status, body["details"][0]["item"]) == (400, "merge-option")


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


def test_consent_and_preferences_are_kept(api: Any) -> None:
    consent = {
        "text": "Yes",
        "dateTimeConsented": "2025-01-01T00:00:00Z",
        "url": "https://example.com",
        "ipAddress": "192.0.2.1",
        "userAgent": "a browser",
    }
    body = {"consentRecords": [consent], "preferences": [{"id": 7, "isOptedIn": True}]}
    api("PATCH", KIM, body)
    _, contact = api("PATCH", KIM, body)
    assert contact["consentRecords"] == [consent, consent]
    assert contact["preferences"] == [{"id": 7, "isOptedIn": True}]


def test_addresses_that_only_unicode_calls_one_are_two_contacts(api: Any) -> None:
    names = {"%C4%B0da": "\u0130da@example.com", "i%CC%87da": "i\u0307da@example.com"}
    answers = [
        api("PATCH", f"/contacts/v3/email/{path}%40example.com", {"identifiers": {"email": address}})
        for path, address in names.items()
    ]
    assert [(status, body["contactId"]) for status, body in answers] == [(201, 1008), (201, 1009)]

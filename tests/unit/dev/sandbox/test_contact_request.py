"""How strictly the body of a PATCH is read."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

KIM = "/contacts/v3/email/kim%40example.com"
CONSENT = {
    "text": "Yes",
    "dateTimeConsented": "2025-01-01T00:00:00Z",
    "url": "https://example.com/terms",
    "userAgent": "b",
}


@pytest.mark.parametrize(
    ("body", "item"),
    [
        ([], "body"),
        ({"name": "Kim"}, "name"),
        ({"identifiers": {"email": 5}}, "identifiers.email"),
        ({"identifiers": {"email": None}}, "identifiers"),
        ({"identifiers": {"contactId": 1001}}, "identifiers.contactId"),
        ({"dataFields": None}, "dataFields"),
        ({"dataFields": [{"key": "CITY", "value": "York"}]}, "dataFields"),
        ({"lists": ["301"]}, "lists.0"),
        ({"lists": [301.5]}, "lists.0"),
        ({"lists": [True]}, "lists.0"),
        ({"lists": [0]}, "lists.0"),
        ({"lists": [2**31]}, "lists.0"),
        ({"lists": []}, "lists"),
        ({"lists": [301] * 101}, "lists"),
        ({"lists": None}, "body"),
        ({"lists": [999]}, "lists"),
        ({"lists": [1]}, "lists"),
        ({"channelProperties": {"voice": {}}}, "channelProperties.voice"),
        ({"channelProperties": {"email": {"colour": "red"}}}, "channelProperties.email.colour"),
        ({"channelProperties": {"email": {"emailType": "Html"}}}, "channelProperties.email.emailType"),
        ({"channelProperties": {"email": {"optInType": None}}}, "channelProperties.email"),
        (
            {"channelProperties": {"email": {"status": "noSubscription"}}},
            "channelProperties.email.status",
        ),
        *(
            (
                {"channelProperties": {"email": {"resubscribeOptions": {"preferredLocale": locale}}}},
                "channelProperties.email.resubscribeOptions.preferredLocale",
            )
            for locale in ("English", "en", "ES", "xx-XX")
        ),
        (
            {"channelProperties": {"email": {"resubscribeOptions": {"redirectUrlAfterChallenge": "https://größe.de"}}}},
            "channelProperties.email.resubscribeOptions.redirectUrlAfterChallenge",
        ),
        ({"channelProperties": {"sms": {"status": "pending"}}}, "channelProperties.sms.status"),
        ({"preferences": []}, "preferences"),
        ({"preferences": [{"id": 7, "isOptedIn": "true"}]}, "preferences.0.isOptedIn"),
        ({"consentRecords": [CONSENT]}, "consentRecords.0.ipAddress"),
        ({"consentRecords": [{**CONSENT, "ipAddress": "1"}] * 6}, "consentRecords"),
        ({"consentRecords": [{**CONSENT, "ipAddress": "1", "url": "terms"}]}, "consentRecords.0.url"),
    ],
)
def test_what_does_not_fit_is_400_and_named(api: Any, effects: Any, body: object, item: str) -> None:
    status, answer = api("PATCH", KIM, body)
    assert (status, answer["errorCode"]) == (400, "server:badRequest")
    assert [detail["item"] for detail in answer["details"]] == [item]
    assert effects() == []


@pytest.mark.parametrize("locale", ["es", "es-ES", "nb-NO", "se-SE"])
def test_a_locale_of_dotdigitals_is_taken(api: Any, locale: str) -> None:
    body = {"channelProperties": {"email": {"resubscribeOptions": {"preferredLocale": locale}}}}
    assert api("PATCH", KIM, body)[0] == 200


def test_a_body_that_is_not_json_is_400(api: Any) -> None:
    headers = {"Content-Type": "application/json"}
    status, answer = api("PATCH", KIM, data="{", headers=headers)
    assert (status, answer["errorCode"]) == (400, "server:badRequest")


def test_a_body_that_is_not_said_to_be_json_is_415(api: Any) -> None:
    status, _ = api("PATCH", KIM, data="{}", headers={"Content-Type": "text/plain"})
    assert status == 415


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SHOE", "42", "Data field not found"),
        ("CITY", 42, "Value is not a String"),
        ("CITY", ["York"], "Value is not a String"),
        ("CITY", "y" * 1001, "Value is too long"),
        ("POINTS", "42", "Value is not a Numeric"),
        ("POINTS", True, "Value is not a Numeric"),
        ("POINTS", 10**18, "Value is too large"),
        ("VIP", "true", "Value is not a Boolean"),
        ("VIP", 1, "Value is not a Boolean"),
        ("LASTSEEN", 1735689600, "Value is not a Date"),
        ("LASTSEEN", "Room 12", "Value is not a Date"),
        ("LASTSEEN", "2025-02-30", "Value is not a Date"),
    ],
)
def test_a_value_that_does_not_fit_its_data_field_is_400(
    api: Any, effects: Any, name: str, value: object, fault: str
) -> None:
    status, answer = api("PATCH", KIM, {"dataFields": {name: value, "LASTNAME": "Moon"}})
    assert (status, answer["details"]) == (
        400,
        [{"item": f"dataFields.{name}", "description": fault}],
    )
    assert effects() == []


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


def test_all_problems_of_values_and_lists_come_at_once(api: Any) -> None:
    _, answer = api("PATCH", KIM, {"dataFields": {"SHOE": 1, "VIP": "no"}, "lists": [301, 999]})
    items = [detail["item"] for detail in answer["details"]]
    assert items == ["dataFields.SHOE", "dataFields.VIP", "lists"]

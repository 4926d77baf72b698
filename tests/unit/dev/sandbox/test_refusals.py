"""What each route refuses, with the words of its family, and that nothing comes of it."""

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

KIM = "/contacts/v3/email/kim%40example.com"
LIST = "/v2/address-books/301/contacts"
NOT_WRITABLE = "Address book cannot be written to via the API. ERROR_ADDRESSBOOK_NOTWRITABLE"
GIVE_IDS = "Give 1 to 1000 contact ids. ERROR_PARAMETER_INVALID"
NOT_FOUND = "One or more of the supplied contacts were not found. Send not permitted. ERROR_CONTACT_NOT_FOUND"
FIELD = {"name": "SHOE", "type": "String"}
ENROLMENT = {"programId": 501, "contacts": [1001]}
SEND = {"campaignId": 601, "contactIds": [1001]}
EMAIL = {"toAddresses": ["kim@example.com"], "subject": "Your order", "htmlContent": "<p>Thank you</p>"}
TRIGGERED = {"campaignId": 603, "toAddresses": ["kim@example.com"]}
SMS = {"to": {"phoneNumber": "447700900001"}, "body": "Hello", "rules": ["sms"]}
EVENT = {"contactIdentity": {"identifier": "email", "value": "kim@example.com"}, "type": "Quilt bought"}
CONTACT = {"matchIdentifier": "email", "identifiers": {"email": "kim@example.com"}}


def cases(route: str, usual: dict[str, Any], *rows: tuple[Any, ...]) -> list[Any]:
    """Each row is what differs from the usual body, or a whole body that is no object, and how that is refused.

    None leaves a key out.
    """
    method, path = route.split()
    made = []
    for change, *refusal in rows:
        body = {**usual, **change} if isinstance(change, dict) else change
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if value is not None}
        made.append(pytest.param(method, path, body, *refusal, id=f"{route} {str(change)[:60]} {refusal[-1]}"))
    return made


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        *cases(
            "POST /v2/data-fields",
            FIELD,
            ({"name": "city"}, 400, "Field already exists. ERROR_NON_UNIQUE_DATAFIELD"),
            ({"name": "Email"}, 400, "The name is restricted. ERROR_DATAFIELD_INVALID"),
            ({"name": "A" * 21}, 400, "Not valid: name. ERROR_DATAFIELD_INVALID"),
            ({"name": "SHOE SIZE"}, 400, "Not valid: name. ERROR_DATAFIELD_INVALID"),
            ({"type": "Text"}, 400, "Not valid: type. ERROR_DATAFIELD_INVALID"),
            ({"name": None}, 400, "Not valid: name. ERROR_DATAFIELD_INVALID"),
            ([], 400, "Not valid: body. ERROR_DATAFIELD_INVALID"),
        ),
        *cases(
            "POST /v2/address-books",
            {"name": "VIPs"},
            ({"name": "newsletter"}, 400, "Error: ERROR_ADDRESSBOOK_DUPLICATE"),
            ({"name": "All Contacts"}, 400, "Error: ERROR_ADDRESSBOOK_DUPLICATE"),
            ({"name": ""}, 400, "Not valid: name. ERROR_ADDRESSBOOK_INVALID"),
            ({"name": "x" * 129}, 400, "Not valid: name. ERROR_ADDRESSBOOK_INVALID"),
            ({"visibility": "Secret"}, 400, "Not valid: visibility. ERROR_ADDRESSBOOK_INVALID"),
            ({"name": None}, 400, "Not valid: name. ERROR_ADDRESSBOOK_INVALID"),
        ),
        *(
            pytest.param("DELETE", f"/v2/address-books/{path}", None, status, message)
            for path, status, message in (
                ("999/contacts/1001", 404, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"),
                ("301/contacts/9999", 404, "Error: ERROR_CONTACT_NOT_FOUND"),
                ("302/contacts/1001", 404, "Error: ERROR_CONTACT_NOT_FOUND"),
                ("1/contacts/1001", 400, NOT_WRITABLE),
                ("301/contacts/undefined", 400, "contactId is not an id. ERROR_PARAMETER_INVALID"),
                ("0/contacts/1001", 400, "listId is not an id. ERROR_PARAMETER_INVALID"),
                ("-301/contacts/1001", 400, "listId is not an id. ERROR_PARAMETER_INVALID"),
                ("301/contacts/2147483648", 400, "contactId is not an id. ERROR_PARAMETER_INVALID"),
            )
        ),
        *cases(
            f"POST {LIST}/delete",
            {},
            ([], 400, "Error: ERROR_CONTACTS_ARE_NOT_SPECIFIED"),
            (list(range(1, 1002)), 400, GIVE_IDS),
            ([1001, None], 400, GIVE_IDS),
            ({"contactIds": [1001]}, 400, GIVE_IDS),
        ),
        *cases(
            f"POST {LIST}/unsubscribe",
            {},
            ({}, 400, "Not valid: email. ERROR_PARAMETER_INVALID"),
            ({"email": "x@example.com"}, 404, "Error: ERROR_CONTACT_NOT_FOUND"),
            ({"email": "deleted@example.org"}, 404, "Error: ERROR_CONTACT_NOT_FOUND"),
        ),
        *(
            pytest.param("POST", f"/v2/address-books/{number}/contacts/{what}", [1001], status, message)
            for what in ("delete", "unsubscribe")
            for number, status, message in ((1, 400, NOT_WRITABLE), (999, 404, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"))
        ),
        *(
            pytest.param(
                "GET", f"/v2/{path}?{query}", None, 400, "select or skip is not valid. ERROR_PARAMETER_INVALID"
            )
            for path in ("address-books", "programs", "campaigns/filtered")
            for query in ("select=0", "select=1001", "skip=-1", "select=ten", "skip=")
        ),
        *cases(
            "POST /v2/programs/enrolments",
            ENROLMENT,
            ({"programId": 999}, 404, "Error: ERROR_PROGRAM_NOT_FOUND"),
            ({"programId": 503}, 422, "Error: ERROR_PROGRAM_NOT_ACTIVE"),
            ({"programId": 504}, 422, "Error: ERROR_PROGRAM_NOT_ACTIVE"),
            ({"contacts": [1001, 9999]}, 400, "Error: ERROR_CONTACT_NOT_FOUND"),
            ({"contacts": [1007]}, 400, "Error: ERROR_CONTACT_NOT_FOUND"),
            ({"contacts": None}, 400, "Give 1 to 25 contacts. ERROR_ENROLMENT_INVALID"),
            ({"contacts": [], "addressBooks": [301]}, 400, "Not valid: contacts. ERROR_ENROLMENT_INVALID"),
            ({"contacts": [1001] * 26}, 400, "Give 1 to 25 contacts. ERROR_ENROLMENT_INVALID"),
            ({"contacts": None, "addressBooks": [301] * 11}, 400, "Error: ERROR_ADDRESSBOOK_TOOMANY"),
            ({"contacts": None, "addressBooks": [999]}, 400, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"),
            ({"contacts": [None]}, 400, "Not valid: contacts.0. ERROR_ENROLMENT_INVALID"),
            ({"people": [1001]}, 400, "Not valid: people. ERROR_ENROLMENT_INVALID"),
        ),
        *(
            case
            for path in ("/v2/campaigns/send", "/v2/campaigns/send-time-optimised")
            for case in cases(
                f"POST {path}",
                SEND,
                ({"campaignId": 999}, 404, "Error: ERROR_CAMPAIGN_NOT_FOUND"),
                ({"campaignId": 604}, 400, "Send not permitted at this time. ERROR_CAMPAIGN_SENDNOTPERMITTED"),
                ({"contactIds": [1001, 9999]}, 400, NOT_FOUND),
                ({"contactIds": [1001, 1003]}, 400, "Error: ERROR_CONTACT_SUPPRESSED"),
                ({"contactIds": [1005]}, 400, "Error: ERROR_CONTACT_SUPPRESSED"),
                ({"contactIds": None, "addressBookIds": [999]}, 400, "Error: ERROR_ADDRESSBOOK_NOT_FOUND"),
                ({"contactIds": [1001] * 11}, 400, "Not valid: contactids. ERROR_CAMPAIGN_SEND_INVALID"),
                ({"contactIds": [None]}, 400, "Not valid: contactids.0. ERROR_CAMPAIGN_SEND_INVALID"),
            )
        ),
        *cases(
            "POST /v2/campaigns/send",
            SEND,
            *(
                ({"sendDate": date}, 400, "Not valid: senddate. ERROR_CAMPAIGN_SEND_INVALID")
                for date in ("tomorrow", 1735689600, "2025-13-40")
            ),
        ),
        *cases(
            "POST /v2/campaigns/send-time-optimised",
            SEND,
            ({"sendDate": "2035-01-01"}, 400, "Not valid: senddate. ERROR_CAMPAIGN_SEND_INVALID"),
        ),
        *cases(
            "POST /v2/email",
            EMAIL,
            *(
                (change, 400, f"Not valid: {field}. ERROR_PARAMETER_INVALID")
                for change, field in (
                    ({"toAddresses": []}, "toaddresses"),
                    ({"toAddresses": ["kim@example.com"] * 101}, "toaddresses"),
                    ({"toAddresses": ["kim"]}, "toaddresses.0"),
                    ({"ccAddresses": ["Kim Park <kim@example.com>"]}, "ccaddresses.0"),
                    ({"toAddresses": "kim@example.com"}, "toaddresses"),
                    ({"bccAddresses": ["kim@"]}, "bccaddresses.0"),
                    ({"subject": ""}, "subject"),
                    ({"subject": None}, "subject"),
                    ({"htmlContent": ""}, "body"),
                    ({"metadata": "m" * 1501}, "metadata"),
                    ({"attachments": [{"fileName": "a.txt", "mimeType": "text/plain"}]}, "attachments.0.content"),
                    ({"text": "Thank you"}, "text"),
                )
            ),
        ),
        *cases(
            "POST /v2/email/triggered-campaign",
            TRIGGERED,
            ({"campaignId": 999}, 404, "Error: ERROR_CAMPAIGN_NOT_FOUND"),
            ({"campaignId": 601}, 400, "The campaign is not a triggered campaign. ERROR_CAMPAIGN_INVALID"),
            ({"toAddresses": []}, 400, "Not valid: toaddresses. ERROR_PARAMETER_INVALID"),
            ({"toAddresses": ["Kim <kim@example.com>"]}, 400, "Not valid: toaddresses.0. ERROR_PARAMETER_INVALID"),
            (
                {"personalizationValues": [{"name": "order", "value": 7}]},
                400,
                "Not valid: personalizationvalues.0.value. ERROR_PARAMETER_INVALID",
            ),
            ({"subject": "Hi"}, 400, "Not valid: subject. ERROR_PARAMETER_INVALID"),
        ),
        *(
            pytest.param("POST", f"/v2/sms-messages/send-to/{number}", body, 400, message)
            for number, body, message in (
                ("07700900001", {"message": "Hello"}, "Error: ERROR_SMS_INVALIDPHONENUMBER"),
                ("44770090000123456", {"message": "Hello"}, "Error: ERROR_SMS_INVALIDPHONENUMBER"),
                ("447700900001", {"message": ""}, "Not valid: message. ERROR_SMS_INVALID"),
                ("447700900001", {"message": "a" * 1601}, "Not valid: message. ERROR_SMS_INVALID"),
                ("447700900001", {"text": "Hello"}, "Not valid: message, text. ERROR_SMS_INVALID"),
            )
        ),
    ],
)
def test_v2_refuses_with_a_code(
    *, api: Any, effects: Any, method: str, path: str, body: object, status: int, message: str
) -> None:
    assert api(method, path, body) == (status, {"message": message})
    assert effects() == []


def email(**request: Any) -> dict[str, Any]:
    return {"channelProperties": {"email": request}}


@pytest.mark.parametrize(
    ("method", "path", "body", "code", "place"),
    [
        *cases(
            f"PATCH {KIM}",
            {},
            *(
                (body, "server:badRequest", place)
                for body, place in (
                    ([], "body"),
                    ({"name": "Kim"}, "name"),
                    ({"identifiers": {"email": 5}}, "identifiers.email"),
                    ({"identifiers": {"email": None}}, "identifiers"),
                    ({"identifiers": {"contactId": 1001}}, "identifiers.contactId"),
                    ({"dataFields": [{"key": "CITY", "value": "York"}]}, "dataFields"),
                    *(({"lists": [wrong]}, "lists.0") for wrong in ("301", 301.5, True, 0, 2**31)),
                    *(({"lists": wrong}, "lists") for wrong in ([], [301] * 101, [999], [1])),
                    ({"channelProperties": {"voice": {}}}, "channelProperties.voice"),
                    ({"channelProperties": {"sms": {"status": "pending"}}}, "channelProperties.sms.status"),
                    (email(colour="red"), "channelProperties.email.colour"),
                    (email(emailType="Html"), "channelProperties.email.emailType"),
                    (email(optInType=None), "channelProperties.email"),
                    (email(status="noSubscription"), "channelProperties.email.status"),
                    *(
                        (
                            email(resubscribeOptions={"preferredLocale": locale}),
                            "channelProperties.email.resubscribeOptions.preferredLocale",
                        )
                        for locale in ("English", "en", "ES", "xx-XX")
                    ),
                    (
                        email(resubscribeOptions={"redirectUrlAfterChallenge": "https://größe.de"}),
                        "channelProperties.email.resubscribeOptions.redirectUrlAfterChallenge",
                    ),
                )
            ),
        ),
        *(
            pytest.param("PATCH", KIM, body, "server:badRequest", place)
            for body, place in (({"dataFields": None}, "dataFields"), ({"lists": None}, "body"))
        ),
        pytest.param("PATCH", f"{KIM}?merge-option=overwriteIfEmpty", {}, "server:badRequest", "merge-option"),
        pytest.param("GET", "/contacts/v3/mobile-number/447700900001", None, "server:badRequest", "identifier"),
        *cases(
            "PUT /contacts/v3/import",
            {"contacts": [CONTACT]},
            *(
                (change, "contacts:badRequest", place)
                for change, place in (
                    ([], "body"),
                    ({"contacts": None}, "contacts"),
                    ({"contacts": []}, "contacts"),
                    ({"mergeOption": "overwrite-if-empty"}, "mergeOption"),
                    ({"contacts": [CONTACT | {"lists": ["301"]}, CONTACT]}, "contacts.0.lists.0"),
                    ({"contacts": [CONTACT | {"name": "Kim"}, CONTACT]}, "contacts.0.name"),
                    ({"contacts": [{"matchIdentifier": "email"}, CONTACT]}, "contacts.0.identifiers"),
                    ({"contacts": [{"identifiers": {"email": "a@b.c"}}, CONTACT]}, "contacts.0.matchIdentifier"),
                    ({"contacts": [CONTACT | {"identifiers": {"contactId": "1"}}]}, "contacts.0.identifiers.contactId"),
                )
            ),
        ),
        *(
            pytest.param("POST", "/events/v3/import", body, "events:badJson", place, id=f"events {place} {number}")
            for number, (body, place) in enumerate(
                (
                    ([], "body"),
                    ([EVENT] * 5001, "body"),
                    (EVENT, "body"),
                    ([EVENT, {**EVENT, "type": "x" * 81}], "1.type"),
                    ([{**EVENT, "type": "orders"}], "0.type"),
                    ([{**EVENT, "eventTimestamp": "today"}], "0.eventTimestamp"),
                    ([{**EVENT, "eventData": "x"}], "0.eventData"),
                    ([{**EVENT, "timelineDetails": {"summary": ""}}], "0.timelineDetails.summary"),
                    ([{"type": "x"}], "0.contactIdentity"),
                )
            )
        ),
        *(
            pytest.param("POST", f"/insightData/v3/collections/Stock{query}", None, "server:badRequest", place)
            for query in ("", "?collectionScope=account", "?collectionScope=all&collectionType=custom")
            for place in ("collectionScope, collectionType",)
        ),
    ],
)
def test_v3_refuses_with_a_code_and_the_place(
    *, api: Any, effects: Any, method: str, path: str, body: object, code: str, place: str
) -> None:
    status, answer = api(method, path, body)
    assert (status, answer["errorCode"]) == (400, code)
    assert [detail["item"] for detail in answer["details"]] == [place]
    assert effects() == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"to": {"phoneNumber": "07700 900001"}}, "to.phoneNumber"),
        ({"to": {"phoneNumber": 447700900001}}, "to.phoneNumber"),
        ({"to": {}}, "to.phoneNumber"),
        ({"body": ""}, "body"),
        ({"body": "b" * 2001}, "body"),
        ({"rules": []}, "rules"),
        ({"rules": ["email"]}, "rules.0"),
        ({"channelOptions": {"sms": {"from": "ab"}}}, "channelOptions.sms.from"),
        ({"channelOptions": {"sms": {"allowUnicode": "yes"}}}, "channelOptions.sms.allowUnicode"),
        ({"shortenLinks": True}, "shortenLinks"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_cpaas_refuses_with_the_key(api: Any, effects: Any, change: dict[str, Any], key: str) -> None:
    status, answer = api("POST", "/cpaas/messages", SMS | change)
    assert (status, answer["message"]) == (400, "Validation failed")
    assert [failure["key"] for failure in answer["validationFailures"]] == [key]
    assert effects() == []


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
    assert (status, answer["details"]) == (400, [{"item": f"dataFields.{name}", "description": fault}])
    assert effects() == []


def test_all_problems_of_values_and_lists_come_at_once(api: Any) -> None:
    _, answer = api("PATCH", KIM, {"dataFields": {"SHOE": 1, "VIP": "no"}, "lists": [301, 999]})
    items = [detail["item"] for detail in answer["details"]]
    assert items == ["dataFields.SHOE", "dataFields.VIP", "lists"]


@pytest.mark.parametrize(
    ("method", "path", "refused"),
    [
        ("POST", "/v2/programs/enrolments", {"message": "The body is not JSON. ERROR_MALFORMED_REQUEST"}),
        ("PATCH", KIM, "server:badRequest"),
        ("PUT", "/contacts/v3/import", "contacts:badJson"),
        ("POST", "/events/v3/import", "events:badJson"),
    ],
)
def test_a_body_that_is_not_json_is_400(api: Any, method: str, path: str, refused: object) -> None:
    status, answer = api(method, path, data="{", headers={"Content-Type": "application/json"})
    assert (status, answer.get("errorCode", answer)) == (400, refused)


def test_a_body_that_is_not_said_to_be_json_is_415(api: Any) -> None:
    status, _ = api("PATCH", KIM, data="{}", headers={"Content-Type": "text/plain"})
    assert status == 415

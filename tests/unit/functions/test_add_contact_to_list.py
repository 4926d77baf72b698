from typing import Any

import pytest

from delivery.outcome import Outcome
from dev.sandbox.contact_book import EmailChannel
from dev.sandbox.server import Sandbox
from tests.support.deliveries import deliver, deliver_to_sandbox, delivered, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "add_contact_to_list"
BY_EMAIL = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com"}
BY_MOBILE_NUMBER = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900123"}
SUBSCRIBED = {"updateEmailSubscription": True, "emailSubscriptionStatus": "subscribed"}
RESUBSCRIBED = {**SUBSCRIBED, "emailResubscribe": True}
TYPES = {"emailType": "html", "optInType": "single"}
CHALLENGED = {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": False}}
UNCHALLENGED = {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": True}}
TYPES_OF_DATA_FIELDS = {"FIRSTNAME": "String", "POINTS": "Numeric", "LASTSEEN": "Date", "VIP": "Boolean"}
DATA_FIELDS = (200, [{"name": name, "type": kind} for name, kind in TYPES_OF_DATA_FIELDS.items()])
GET_DATA_FIELDS = Sent("GET", "/v2/data-fields/")
UPSERTED = (200, {"contactId": 5001})


def patch(identifiers: dict[str, str] | None = None, path: str = "email/noor%40example.com", **details: Any) -> Sent:
    body = {"identifiers": identifiers or {"email": "noor@example.com"}, **details}
    return Sent("PATCH", f"/contacts/v3/{path}", "merge-option=overwrite", body)


def upsert(server: DotdigitalServer, mapped: dict[str, Any]) -> Outcome:
    server.responds(UPSERTED)
    return deliver(server, ACTION, mapped)


@pytest.mark.parametrize(
    ("mapped", "email"),
    [
        ({}, {}),
        (SUBSCRIBED, {}),
        ({**RESUBSCRIBED, "updateEmailSubscription": False}, {}),
        ({"updateEmailSubscription": False, "emailType": "plainText"}, {"emailType": "plainText"}),
        ({"updateEmailSubscription": False, "optInType": "double"}, {"optInType": "double"}),
        ({"emailType": "plainText"}, {"emailType": "plainText"}),
        ({"optInType": "verifiedDouble"}, {"optInType": "verifiedDouble"}),
        ({"emailSubscriptionStatus": "suppressed"}, {"status": "suppressed"}),
        ({"emailSubscriptionStatus": "unsubscribed", "emailResubscribe": True}, {"status": "unsubscribed"}),
        ({**TYPES, "emailSubscriptionStatus": "unsubscribed"}, {**TYPES, "status": "unsubscribed"}),
        ({**TYPES, **SUBSCRIBED}, TYPES),
        ({**TYPES, **SUBSCRIBED, "emailResubscribe": False, "preferredLocale": "nb-NO"}, TYPES),
        (RESUBSCRIBED, CHALLENGED),
        ({**RESUBSCRIBED, "resubscribeWithoutChallengeEmail": True, "preferredLocale": "nb-NO"}, UNCHALLENGED),
        (
            {**RESUBSCRIBED, "preferredLocale": "NB-no", "redirectUrlAfterChallenge": "https://tanuki-bücher.jp/größe"},
            {
                "status": "subscribed",
                "resubscribeOptions": {
                    "resubscribeWithNoChallenge": False,
                    "preferredLocale": "nb-NO",
                    "redirectUrlAfterChallenge": "https://xn--tanuki-bcher-klb.jp/gr%C3%B6%C3%9Fe",
                },
            },
        ),
    ],
)
def test_the_email_channel_is_what_the_mapping_says(
    server: DotdigitalServer, mapped: dict[str, Any], email: dict[str, Any]
) -> None:
    assert upsert(server, {**BY_EMAIL, **mapped}) == delivered(ACTION, contactId=5001)
    assert server.sent == [patch(channelProperties={"email": email} if email else {})]


def test_an_update_that_says_nothing_of_them_keeps_e_mail_type_and_opt_in_type(sandbox: Sandbox) -> None:
    contact = sandbox.state.account.book.by_id(1001)
    assert contact
    contact.email = EmailChannel(email_type="PlainText", opt_in_type="VerifiedDouble", status="subscribed")
    mapped = {"channelIdentifier": "email", "emailIdentifier": "kim@example.com", "dataFields": {"CITY": "Cork"}}
    assert deliver_to_sandbox(sandbox, ACTION, mapped) == delivered(ACTION, contactId=1001)
    assert (contact.email.email_type, contact.email.opt_in_type) == ("PlainText", "VerifiedDouble")
    assert contact.data_fields["CITY"] == "Cork"


@pytest.mark.parametrize(
    ("mapped", "sms"),
    [
        ({}, None),
        ({"updateSmsSubscription": True}, None),
        ({"updateSmsSubscription": False, "smsSubscriptionStatus": "subscribed"}, None),
        ({"smsSubscriptionStatus": "subscribed"}, "subscribed"),
        ({"smsSubscriptionStatus": "unsubscribed"}, "unsubscribed"),
        ({"smsSubscriptionStatus": "suppressed"}, "suppressed"),
        ({**RESUBSCRIBED, "emailType": "odd", "emailSubscriptionStatus": "odd", "preferredLocale": "odd"}, None),
        ({"emailIdentifier": "noor@example.com", "emailType": "html"}, None),
    ],
)
def test_the_sms_channel_is_what_the_mapping_says_and_email_is_not_touched(
    server: DotdigitalServer, mapped: dict[str, Any], sms: str | None
) -> None:
    assert upsert(server, {**BY_MOBILE_NUMBER, **mapped}) == delivered(ACTION, contactId=5001)
    channels = {"sms": {"status": sms}} if sms else {}
    assert server.sent == [
        patch({"mobileNumber": "447700900123"}, "mobileNumber/447700900123", channelProperties=channels)
    ]


@pytest.mark.parametrize("set_number", [False, True])
def test_sms_is_not_touched_by_email(server: DotdigitalServer, set_number: bool) -> None:
    sms = {"updateSmsSubscription": True, "smsSubscriptionStatus": "subscribed"}
    upsert(server, {**BY_MOBILE_NUMBER, **BY_EMAIL, **sms, "alsoSetMobileNumber": set_number})
    number = {"mobileNumber": "447700900123"} if set_number else {}
    assert server.sent == [patch({"email": "noor@example.com", **number}, channelProperties={})]


def test_a_number_of_another_contact_is_told_as_such(sandbox: Sandbox) -> None:
    mapped = {**BY_EMAIL, "alsoSetMobileNumber": True, "mobileNumberIdentifier": "+447700900005"}
    outcome = deliver_to_sandbox(sandbox, ACTION, mapped)
    assert (outcome.outcome, outcome.dotdigital) == ("rejected", {"status": 409, "code": "contacts:idAlreadyExists"})
    assert "the address and the mobile number are two contacts'" in (outcome.reason or "")
    assert list(sandbox.journal) == []


@pytest.mark.parametrize(("list_id", "lists"), [(411, [411]), ("411", [411]), (411.0, [411]), ("  ", None)])
def test_a_list_goes_as_a_number_and_a_blank_is_none(
    server: DotdigitalServer, list_id: Any, lists: list[int] | None
) -> None:
    upsert(server, {**BY_EMAIL, "listId": list_id})
    details: dict[str, Any] = {"channelProperties": {}, **({"lists": lists} if lists else {})}
    assert server.sent == [patch(**details)]


def test_data_fields_go_in_their_types(server: DotdigitalServer) -> None:
    server.responds(DATA_FIELDS)
    values = {"firstname": 42, "POINTS": "0120", "LastSeen": "2024-02-29", "VIP": "yes"}
    assert upsert(server, {**BY_EMAIL, "dataFields": values}) == delivered(ACTION, contactId=5001)
    expected = {"FIRSTNAME": "42", "POINTS": 120, "LASTSEEN": "2024-02-29T00:00:00.000Z", "VIP": True}
    assert server.sent == [GET_DATA_FIELDS, patch(channelProperties={}, dataFields=expected)]


def test_a_data_field_is_cleared_by_null(server: DotdigitalServer) -> None:
    server.responds(DATA_FIELDS)
    upsert(server, {**BY_EMAIL, "dataFields": {"LASTSEEN": None}})
    assert server.sent == [GET_DATA_FIELDS, patch(channelProperties={}, dataFields={"LASTSEEN": None})]


def test_a_blank_is_left_out_and_the_rest_of_the_contact_is_written(sandbox: Sandbox) -> None:
    mapped = {
        "channelIdentifier": "Email",
        "emailIdentifier": "kim@example.com",
        "updateEmailSubscription": "TRUE",
        "emailSubscriptionStatus": " Unsubscribed",
        "listId": " ",
        "dataFields": {"LASTSEEN": "", "POINTS": " ", "VIP": "\u200b", "FIRSTNAME": "", "CITY": ["Leeds", "Cork"]},
    }
    contact = sandbox.state.account.book.by_id(1001)
    assert contact
    before = dict(contact.data_fields)
    assert deliver_to_sandbox(sandbox, ACTION, mapped) == delivered(ACTION, contactId=1001)
    assert contact.data_fields == {**before, "CITY": "Leeds,Cork"}
    assert contact.email.status == "unsubscribed"


def test_no_data_fields_are_not_looked_up(server: DotdigitalServer) -> None:
    upsert(server, {**BY_EMAIL, "dataFields": {}})
    assert server.sent == [patch(channelProperties={}, dataFields={})]


def test_bad_data_fields_are_all_told_and_nothing_is_changed(server: DotdigitalServer) -> None:
    server.responds(DATA_FIELDS)
    reasons = {
        "dataFields.POINTS": "must be a number, with 18 digits or fewer before the decimal point",
        "dataFields.SHOE": "is not a data field of the account; create it in Dotdigital first",
    }
    outcome = deliver(server, ACTION, {**BY_EMAIL, "dataFields": {"POINTS": "many", "SHOE": 38}})
    assert outcome == wrong_fields(ACTION, **reasons)
    assert server.sent == [GET_DATA_FIELDS]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("channelIdentifier", None, "is required"),
        ("emailIdentifier", None, "is required"),
        ("emailType", "text", "must be one of 'html' or 'plainText'"),
        ("optInType", "triple", "must be one of 'unknown', 'single', 'double' or 'verifiedDouble'"),
        ("updateEmailSubscription", "yes", "must be true or false"),
        ("emailSubscriptionStatus", "pending", "must be one of 'subscribed', 'unsubscribed' or 'suppressed'"),
        ("emailResubscribe", "no", "must be true or false"),
        ("redirectUrlAfterChallenge", "welcome", "must be a whole web address, such as https://example.com/welcome"),
        ("listId", [77], "must be a whole number above 0, an id as Dotdigital shows it"),
        ("dataFields", "FIRSTNAME", "must be an object"),
        (
            "preferredLocale",
            "en-GB",
            "must be one of 'cs-CS', 'da-DA', 'de-DE', 'el-EL', 'en-EN', 'es-ES', 'es', 'fi-FI', 'fr-FR', 'hu-HU', "
            "'it-IT', 'nl-NL', 'nb-NO', 'pl-PL', 'pt-PT', 'ru-RU', 'se-SE', 'sk-SK', 'tr-TR' or 'zh-CN'",
        ),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    outcome = deliver(server, ACTION, {**BY_EMAIL, **RESUBSCRIBED, field: value})
    assert outcome == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


@pytest.mark.parametrize(
    ("email", "path"),
    [
        ("lea?x=1#1@example.com", "email/lea%3Fx%3D1%231%40example.com"),
        ("lea%2e@example.com", "email/lea%252e%40example.com"),
        ("a/b@example.com", "email/a%2Fb%40example.com"),
        (" lea@example.com ", "email/lea%40example.com"),
        ("нур@example.com", "email/%D0%BD%D1%83%D1%80%40example.com"),
    ],
)
def test_the_path_names_exactly_the_contact(server: DotdigitalServer, email: str, path: str) -> None:
    upsert(server, {**BY_EMAIL, "emailIdentifier": email})
    assert server.sent == [patch({"email": email.strip()}, path, channelProperties={})]


@pytest.mark.parametrize(
    ("status", "raw"),
    [(202, b'{"queued": true}'), (200, b"fine"), (200, b""), (200, b"[]"), (201, b'{"contactId": null}')],
)
def test_a_2xx_that_does_not_tell_the_contact_says_that_it_is_done(
    server: DotdigitalServer, status: int, raw: bytes
) -> None:
    server.responds((status, raw))
    assert deliver(server, ACTION, BY_EMAIL) == delivered(ACTION)
    assert len(server.sent) == 1

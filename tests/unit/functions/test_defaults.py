"""Default triggers, default mappings and fields, as Segment's destination has them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.actions import load_action
from delivery.action import action_names
from delivery.fields.payload import PayloadError
from segment_events import MappingResolutionError, compile_mapping, compile_trigger
from tests.unit.functions.deliveries import NOW


def coalesced(key: str) -> dict[str, Any]:
    return {
        "@if": {
            "exists": {"@path": f"$.traits.{key}"},
            "then": {"@path": f"$.traits.{key}"},
            "else": {"@path": f"$.properties.{key}"},
        }
    }


CONTACT = {
    "channelIdentifier": "email",
    "emailIdentifier": coalesced("email"),
    "mobileNumberIdentifier": coalesced("phone"),
}
EVENT_NAMES = {
    "add_contact_to_list": "Add or Update Contact",
    "enrol_contact": "Enrol Contact to Program",
    "remove_contact_from_list": "Remove Contact from List",
    "send_email_campaign": "Send Email Campaign",
    "send_sms": "Send SMS",
    "send_transactional_email": "Send Transactional Email",
    "send_transactional_sms": "Send Transactional SMS",
}
MAPPINGS: dict[str, dict[str, Any]] = {
    "add_contact_to_list": {
        **CONTACT,
        "emailType": "html",
        "optInType": "single",
        "updateEmailSubscription": True,
        "emailSubscriptionStatus": "subscribed",
        "emailResubscribe": True,
        "resubscribeWithoutChallengeEmail": False,
        "updateSmsSubscription": True,
        "smsSubscriptionStatus": "subscribed",
    },
    "enrol_contact": CONTACT,
    "remove_contact_from_list": CONTACT,
    "send_email_campaign": {"email": coalesced("email"), "sendTimeOptimised": False},
    "send_sms": {"to": coalesced("phone")},
    "send_transactional_email": {"toAddresses": coalesced("email")},
    "send_transactional_sms": {"to": coalesced("phone"), "link_shortening": False, "allow_unicode": False},
}
FIELDS = {
    "add_contact_to_list": [
        "channelIdentifier",
        "emailIdentifier",
        "mobileNumberIdentifier",
        "numberCountry",
        "alsoSetMobileNumber",
        "emailType",
        "optInType",
        "updateEmailSubscription",
        "emailSubscriptionStatus",
        "emailResubscribe",
        "resubscribeWithoutChallengeEmail",
        "preferredLocale",
        "redirectUrlAfterChallenge",
        "updateSmsSubscription",
        "smsSubscriptionStatus",
        "listId",
        "dataFields",
    ],
    "enrol_contact": [
        "channelIdentifier",
        "emailIdentifier",
        "mobileNumberIdentifier",
        "numberCountry",
        "alsoSetMobileNumber",
        "programId",
    ],
    "remove_contact_from_list": [
        "channelIdentifier",
        "emailIdentifier",
        "mobileNumberIdentifier",
        "numberCountry",
        "listId",
    ],
    "send_email_campaign": ["email", "campaignId", "sendDate", "sendTimeOptimised"],
    "send_sms": ["to", "numberCountry", "message"],
    "send_transactional_email": [
        "fromAddress",
        "toAddresses",
        "subject",
        "htmlContent",
        "plainTextContent",
        "ccAddresses",
        "bccAddresses",
    ],
    "send_transactional_sms": ["to", "numberCountry", "from", "message", "link_shortening", "allow_unicode"],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
BAGS = st.dictionaries(st.sampled_from(["email", "phone"]) | st.text(), JSON, max_size=4)


@pytest.mark.parametrize("name", MAPPINGS)
def test_the_default_trigger(name: str) -> None:
    event = {"type": "track", "event": EVENT_NAMES[name]}
    matches = compile_trigger(load_action(name).trigger)
    differences: list[dict[str, Any]] = [
        {},
        {"type": "identify"},
        {"event": EVENT_NAMES[name].lower()},
        {"event": None},
    ]
    assert [matches({**event, **difference}) for difference in differences] == [True, False, False, False]


@pytest.mark.parametrize("name", MAPPINGS)
def test_the_default_mapping(name: str) -> None:
    assert load_action(name).payload.default_mapping() == MAPPINGS[name]


@pytest.mark.parametrize("name", MAPPINGS)
def test_the_fields_and_their_order(name: str) -> None:
    fields = load_action(name).payload.model_fields.items()
    assert [field.alias or key for key, field in fields] == FIELDS[name]


@pytest.mark.parametrize(
    ("event", "email"),
    [
        ({"traits": {"email": "a@example.com"}, "properties": {"email": "b@example.com"}}, "a@example.com"),
        ({"traits": {}, "properties": {"email": "b@example.com"}}, "b@example.com"),
        ({"properties": {"email": "b@example.com"}}, "b@example.com"),
        ({"traits": {"email": None}, "properties": {"email": "b@example.com"}}, "b@example.com"),
    ],
)
def test_the_default_mapping_takes_the_trait_before_the_property(event: dict[str, Any], email: str) -> None:
    mapped = compile_mapping(MAPPINGS["send_email_campaign"])(event)
    assert mapped == {"email": email, "sendTimeOptimised": False}


@pytest.mark.parametrize("name", action_names())
@given(event=st.fixed_dictionaries({}, optional={"traits": BAGS | JSON, "properties": BAGS | JSON}))
def test_the_default_mapping_on_any_event_gives_a_payload_or_reasons(name: str, event: dict[str, Any]) -> None:
    payload = load_action(name).payload
    try:
        payload.read(compile_mapping(payload.default_mapping())(event), now=NOW)
    except (PayloadError, MappingResolutionError) as error:
        assert str(error)

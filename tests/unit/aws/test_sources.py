"""What a source makes of an invocation, and how it responds; tests/functions has the refusals."""

import json
from typing import Any

import pytest

from aws.handler import tried_subscription
from aws.secret import SecretReader
from aws.settings import Settings
from aws.sources import ApiGatewaySource, DirectSource, EventBridgeSource
from cli.actions import load_action
from delivery.incoming import EventBus, IncomingError, IncomingEvent
from delivery.outcome import Outcome, Refusal
from delivery.subscription import Subscription
from tests.support.aws import ENVIRONMENT
from tests.support.segment import own_event, partner_event, track

DIRECT, EVENTBRIDGE = DirectSource(EventBus()), EventBridgeSource("send_sms", EventBus())
EVENT = track(phone="+447700900123", text="Hello")


def outcome(kind: Any = "delivered", **more: Any) -> Outcome:
    return Outcome(kind, "send_sms", "Send SMS", **more)


@pytest.mark.parametrize(
    ("given", "status", "headers"),
    [
        (outcome(), 200, {}),
        (outcome("skipped", reason="the trigger does not match"), 200, {}),
        (outcome("in_doubt"), 200, {}),
        (outcome("rejected", fields={"to": "is required"}), 400, {}),
        (outcome("rejected", refusal=Refusal(400, "ERROR_SMS_INVALID")), 422, {}),
        (outcome("retry", refusal=Refusal(500)), 503, {}),
        (outcome("retry", refusal=Refusal(429, retry_after=12.3)), 429, {"Retry-After": "13"}),
    ],
)
def test_the_direct_route_responds_with_the_status_that_segment_acts_on(
    given: Outcome, status: int, headers: dict[str, str]
) -> None:
    source = ApiGatewaySource("/actions/send-sms", SecretReader(Settings.from_environment(ENVIRONMENT)))
    assert source.respond([given]) == {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", **headers},
        "body": json.dumps(given.as_json()),
    }


@pytest.mark.parametrize(
    "event",
    [partner_event(track()), own_event({"event": track()}), own_event(track()), own_event(track(), "sendSms")],
)
def test_an_envelope_of_eventbridge_is_unwrapped(event: dict[str, Any]) -> None:
    incoming = EVENTBRIDGE.read(event)
    assert isinstance(incoming, IncomingEvent)
    assert incoming.raw == track()


def test_what_is_in_doubt_does_not_come_again_by_eventbridge() -> None:
    assert EVENTBRIDGE.respond([outcome("in_doubt")]) == outcome("in_doubt").as_json()


def tried(**differences: Any) -> Subscription:
    incoming = DIRECT.read({"event": EVENT} | differences)
    assert isinstance(incoming, IncomingEvent)
    assert incoming.tried is not None
    return tried_subscription(load_action("send_sms"), incoming.tried)


def test_an_event_is_tried_with_a_mapping_and_a_trigger_or_with_the_actions_own_mapping_for_any_event() -> None:
    assert tried(mapping={"message": {"@path": "$.properties.text"}}).resolve(EVENT) == {"message": "Hello"}
    assert not tried(subscribe='event = "Something else"').matches(EVENT)
    assert tried().resolve(EVENT) == {"to": "+447700900123"}
    assert tried().matches(track("Something else"))


@pytest.mark.parametrize(
    ("differences", "problems"),
    [
        ({"mapping": {"to": {"@nope": "$.x"}}, "subscribe": "event ="}, ["subscribe: ", "mapping/to"]),
        ({"mapping": "text"}, ["Input should be"]),
        ({"mapping": None}, ["Input should be"]),
        ({"subscribe": 7}, ["Input should be"]),
    ],
)
def test_every_problem_of_what_is_tried_is_told(differences: dict[str, Any], problems: list[str]) -> None:
    with pytest.raises(IncomingError, match="the mapping or the trigger cannot be tried") as caught:
        tried(**differences)
    told = (caught.value.fields or {})["subscription"]
    assert [problem for problem in problems if problem not in told] == []

"""What came is decided by where it came from: an event can make nothing more of itself than an event."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.preview.envelopes import InputError, read_input
from delivery.incoming import EventBus, IncomingEvent
from dev import PROJECT
from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import invoke, outcome_of
from tests.support.queued import body, dead_letters, drain, queue_event
from tests.support.segment import own_event, partner_event, rest_event, signature, track, written

pytestmark = pytest.mark.usefixtures("queues")

SMS = {"to": "+447700900999", "message": "Not from us"}
DELETION = {"channelIdentifier": "email", "emailIdentifier": "kim@example.com", "confirm": True}
PAYLOADS: Mapping[str, Mapping[str, Any]] = {
    "send_sms": SMS,
    "send_transactional_email": {
        "toAddresses": "stranger@example.com",
        "fromAddress": "shop@example.com",
        "subject": "Not from us",
        "htmlContent": "<p>Foreign</p>",
    },
    "delete_contact": DELETION,
}
NOBODYS = track("Nobody wants this")
OFF = (
    "payloads that are already mapped are off for events of your own bus: put {event} in place of {payload}, or set "
    "the stack's parameter AllowPayloads to true and replay it"
)
DONE: dict[str, Any] = {"batchItemFailures": []}


@pytest.fixture
def queues(aws: Aws) -> None:
    aws.make_queues("segment_webhook", "eventbridge", *PAYLOADS)


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_PAYLOADS", "true")


def disguises(action: str) -> list[dict[str, Any]]:
    """What an event could carry to pass for more than it is."""
    payload = PAYLOADS[action]
    own = {"payload": payload, "messageId": "own-1"}
    return [
        own_event({"payload": payload}, action),
        own_event({"payload": payload}, action, "aws.partner/segment.com/source-1"),
        own_event({"event": body()["event"]}, action),
        {"payload": payload},
        own,
        {"event": track("Other"), "mapping": payload, "subscribe": "type != null"},
        {"Records": queue_event(own, queue=action)["Records"]},
        {"requestContext": {}, "httpMethod": "POST", "body": json.dumps({"payload": payload})},
        {"subscription": "Send SMS", "event": body()["event"]},
        {"json": {"payload": payload}},
    ]


DISGUISED = pytest.mark.parametrize(
    ("action", "disguise"), [(action, each) for action in PAYLOADS for each in disguises(action)]
)


def post(content: Any, route: str = "/segment") -> dict[str, Any]:
    first = content[0] if isinstance(content, list) else content
    name = "segment_webhook" if route == "/segment" else route.removeprefix("/actions/").replace("-", "_")
    return invoke(name, rest_event(content, route, headers={"X-Signature": signature(written(first))}))


def counts(events: int, skipped: int, **queued: int) -> dict[str, Any]:
    return {"events": events, "queued": queued, "skipped": skipped, "rejected": 0}


def from_bus(*envelopes: Any) -> dict[str, Any]:
    """Give the webhook what EventBridge has put into its queue."""
    return invoke("segment_webhook", queue_event(*envelopes, queue="eventbridge"))


def waiting(aws: Aws) -> dict[str, int]:
    numbers = {action: aws.waiting(action)["visible"] for action in PAYLOADS}
    return {action: number for action, number in numbers.items() if number}


@DISGUISED
def test_an_event_in_disguise_is_an_event_that_nobody_wants(aws: Aws, action: str, disguise: dict[str, Any]) -> None:
    disguised = disguise | NOBODYS
    assert outcome_of(post(disguised)) == counts(1, 1)
    assert outcome_of(post([NOBODYS, disguised])) == counts(2, 2)
    assert invoke("segment_webhook", queue_event(disguised)) == DONE
    assert invoke("segment_webhook", disguised) == counts(1, 1)
    assert (waiting(aws), dead_letters(aws, "segment_webhook")) == ({}, [])


@DISGUISED
def test_what_is_no_event_is_a_dead_letter_however_it_is_disguised(
    aws: Aws, action: str, disguise: dict[str, Any]
) -> None:
    assert outcome_of(post([NOBODYS, disguise, disguise]))["rejected"] == 2
    letters = dead_letters(aws, "segment_webhook")
    assert [attributes["reason"][:20] for _, attributes in letters] == ["not a Segment event:"] * 2
    # What a person replays comes by the webhook's queue as it is, and has no more rights there.
    assert invoke("segment_webhook", queue_event(*(text for text, _ in letters))) == DONE
    assert (waiting(aws), len(dead_letters(aws, "segment_webhook"))) == ({}, 2)


@DISGUISED
def test_the_direct_route_takes_an_event_in_disguise_for_an_event(
    sandbox: Sandbox, action: str, disguise: dict[str, Any]
) -> None:
    route = f"/actions/{action.replace('_', '-')}"
    disguised = post(disguise | NOBODYS, route)
    assert disguised == post(NOBODYS, route)
    assert outcome_of(disguised)["outcome"] == "skipped"
    assert post(disguise, route)["statusCode"] == 400
    assert sandbox.requests == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        *("detail-type", "detail", "source", "id", "payload", "mapping", "subscribe", "subscription", "attempt"),
        *("Records", "requestContext", "httpMethod", "rawPath", "body", "json", "eventBridge", "eventSourceARN"),
    ]
)
VALUES = JSON | st.sampled_from(
    [*PAYLOADS, "aws.partner/segment.com/x", {"payload": SMS}, {"event": track("Other")}, SMS, DELETION]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_whatever_an_event_carries_it_is_queued_as_the_event_that_it_is(aws: Aws, extra: dict[str, Any]) -> None:
    event = extra | body()["event"]
    assert outcome_of(post([NOBODYS, event])) == counts(2, 1, send_sms=1)
    [record] = aws.receive("send_sms")
    aws.delete("send_sms", [record["receiptHandle"]])
    assert json.loads(record["body"]) == {"subscription": "Send SMS", "event": event}
    assert waiting(aws) == {}


def test_a_disabled_subscription_holds_a_deletion_back_on_every_way_of_http(aws: Aws, sandbox: Sandbox) -> None:
    notice = {"type": "delete", "messageId": "d-1", "userId": "kim@example.com", **own_event({"payload": DELETION})}
    assert outcome_of(post(notice))["skipped"] == 1
    outcome = outcome_of(post(notice, "/actions/delete-contact"))
    assert (outcome["outcome"], outcome["reason"]) == ("skipped", "the subscription is disabled")
    assert (waiting(aws), sandbox.requests) == ({}, ())


@pytest.mark.parametrize("action", PAYLOADS)
def test_a_payload_of_the_own_bus_is_refused_with_what_to_do_unless_the_stack_allows_it(
    aws: Aws, sandbox: Sandbox, action: str
) -> None:
    envelope = own_event({"payload": PAYLOADS[action]}, action)
    assert from_bus(envelope) == DONE
    [(text, attributes)] = dead_letters(aws, "eventbridge")
    assert (json.loads(text), attributes["outcome"], attributes["reason"]) == (envelope, "rejected", OFF)
    outcome = invoke(action, envelope)
    assert (outcome["outcome"], outcome["reason"]) == ("rejected", OFF)
    assert (waiting(aws), sandbox.requests) == ({}, ())


@pytest.mark.usefixtures("allowed")
def test_a_payload_that_is_allowed_is_known_by_the_id_of_its_envelope_whatever_it_says_itself(aws: Aws) -> None:
    envelope = own_event({"payload": SMS, "messageId": "own-1"})
    from_bus(envelope)
    [record] = aws.receive("send_sms")
    assert json.loads(record["body"]) == {"payload": SMS, "messageId": envelope["id"]}


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("envelope_id", [None, "", 7])
def test_a_payload_whose_envelope_has_no_id_is_refused(aws: Aws, envelope_id: Any) -> None:
    envelope = own_event({"payload": SMS, "messageId": "own-1"}) | {"id": envelope_id}
    outcome = invoke("send_sms", envelope)
    assert (outcome["outcome"], outcome["reason"]) == ("rejected", "the envelope of a payload must have its id")
    from_bus(envelope)
    assert waiting(aws) == {}


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("message_ids", [(None, None), ("one", "two")])
def test_the_same_envelope_twice_at_an_actions_own_function_and_once_by_the_queue_is_one_sms(
    aws: Aws, sandbox: Sandbox, message_ids: tuple[str | None, str | None]
) -> None:
    envelopes = [own_event({"payload": SMS, "messageId": message_id}) for message_id in message_ids]
    assert [invoke("send_sms", envelope)["outcome"] for envelope in envelopes] == ["delivered"] * 2
    from_bus(*envelopes)
    assert drain(aws, "send_sms") == []
    assert [effect.effect for effect in sandbox.journal] == ["sms_sent"]


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("source", ["aws.partner/segment.com/source-1", "aws.partner/segment.com/"])
def test_what_segment_puts_on_the_bus_is_an_event_and_nothing_else(aws: Aws, source: str) -> None:
    for content in disguises("send_sms"):
        envelope = own_event(content, "send_sms", source)
        outcome = invoke("send_sms", envelope)
        assert outcome["outcome"] == "rejected" or outcome["reason"] == "the trigger does not match"
        from_bus(envelope)
    assert waiting(aws) == {}


SEGMENTS = ("{}/source-1", "{}/")
OTHERS = ("{}", "{}.example/x", "other/{}/x", "com.shop", 7, None)


@pytest.mark.parametrize("prefix", ["aws.partner/segment.com", "local.partner/segment.com"])
@pytest.mark.parametrize("source", [*SEGMENTS, *OTHERS])
def test_webhook_actions_and_preview_agree_on_whose_an_envelope_is(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, prefix: str, source: Any
) -> None:
    monkeypatch.setenv("SEGMENT_SOURCE_PREFIX", prefix)
    written_source = source.format(prefix) if isinstance(source, str) else source
    envelope = partner_event(body()["event"]) | {"source": written_source}
    from_bus(envelope)
    is_segments = source in SEGMENTS
    assert (waiting(aws) == {"send_sms": 1}) is is_segments
    assert (invoke("send_sms", envelope)["outcome"] == "delivered") is is_segments
    assert previews(envelope, prefix) is is_segments


def previews(envelope: dict[str, Any], prefix: str) -> bool:
    try:
        [given_one] = read_input(json.dumps(envelope), bus=EventBus(prefix))
    except InputError:
        return False
    return isinstance(given_one, IncomingEvent) and given_one.raw == envelope["detail"]


def test_no_other_module_reads_an_envelope() -> None:
    folders = (PROJECT / "layers/shared", PROJECT / "cli")
    readers = {path.name for folder in folders for path in folder.rglob("*.py") if '"detail-type"' in path.read_text()}
    assert readers == {"incoming.py"}

"""events/: realistic events, each in the envelope of its source and signed where the source checks that."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from delivery.subscription import read_subscriptions
from dev import SUBSCRIPTIONS_FILE
from dev.local_cloud.deployment import SHARED_SECRET
from segment_events import read_event as read_segment_event
from tests.template.project import ACTIONS, EVENT_FILES, EVENTBRIDGE, ROOT, WEBHOOK, WEBHOOK_FILES, read_event

COMMON = {"anonymousId", "context", "integrations", "messageId", "originalTimestamp", "receivedAt", "sentAt"}
COMMON |= {"timestamp", "type", "userId", "version"}
OF_ITS_TYPE = {"track": {"event", "properties"}, "identify": {"traits"}}

ALL_FILES = EVENT_FILES + WEBHOOK_FILES
SUBSCRIPTIONS = json.loads(SUBSCRIPTIONS_FILE.read_text())["subscriptions"]
FIELDS_OF_A_RECORD = {"messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody"}
FIELDS_OF_A_RECORD |= {"eventSource", "eventSourceARN", "awsRegion"}


def _snake(slug: str) -> str:
    return re.sub("([A-Z])", r"_\1", slug).lower()


def _inside(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give what a source finds in its envelope: events, or {"event"} or {"payload"} and what goes with them."""
    if "Records" in content:
        for record in content["Records"]:
            yield from _inside(json.loads(record["body"]))
    elif "body" in content:
        body = json.loads(content["body"])
        yield from body if isinstance(body, list) else [body]
    else:
        yield content.get("detail", content)


def _segment_events(content: dict[str, Any]) -> list[dict[str, Any]]:
    found = [inside for inside in _inside(content) if "payload" not in inside]
    return [inside["event"] if isinstance(inside.get("event"), dict) else inside for inside in found]


@pytest.mark.parametrize(("function", "source"), ALL_FILES)
def test_an_event_has_the_fields_that_every_segment_event_has(function: str, source: str) -> None:
    events = _segment_events(read_event(function, source))
    assert [_expected(event) - set(event) for event in events if not set(event) >= _expected(event)] == []


def _expected(event: dict[str, Any]) -> set[str]:
    """A deletion notice says little."""
    of_its_type = OF_ITS_TYPE.get(event["type"], set())
    return COMMON - {"anonymousId", "version"} if event["type"] == "delete" else COMMON | of_its_type


def test_no_two_events_have_one_message_id() -> None:
    ids = [event["messageId"] for file in ALL_FILES for event in _segment_events(read_event(*file))]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("function", "file", "queue"),
    [*((function, "sqs", function) for function in (*ACTIONS, WEBHOOK)), (WEBHOOK, "eventbridge", EVENTBRIDGE)],
)
def test_a_queues_event_is_as_aws_sends_it_from_its_queue(function: str, file: str, queue: str) -> None:
    records = read_event(function, file)["Records"]
    own = f"arn:aws:sqs:eu-west-1:123456789012:segment-dotdigital-{queue}"
    assert {(record["eventSource"], record["eventSourceARN"], record["awsRegion"]) for record in records} == {
        ("aws:sqs", own, "eu-west-1")
    }
    assert [record["md5OfBody"] for record in records] == [
        hashlib.md5(record["body"].encode()).hexdigest() for record in records
    ]
    assert {frozenset(record) for record in records} == {frozenset(FIELDS_OF_A_RECORD)}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_message_of_an_actions_queue_is_an_event_for_a_subscription_or_a_payload_with_an_id(action: str) -> None:
    (record,) = read_event(action, "sqs")["Records"]
    body = json.loads(record["body"])
    names = {each["name"] for each in SUBSCRIPTIONS if _snake(each["partnerAction"]) == action}
    assert set(body) in ({"subscription", "event"}, {"payload", "messageId"})
    assert body.get("subscription", next(iter(names))) in names


def test_each_event_of_a_batch_is_for_an_action_of_its_own_and_the_last_for_none() -> None:
    subscriptions = read_subscriptions(SUBSCRIPTIONS_FILE)
    wanting = [
        [each.action for each in subscriptions if each.reason_against(read_segment_event(raw), raw) is None]
        for raw in json.loads(read_event(WEBHOOK, "api_gateway")["body"])
    ]
    wanted = [actions[0] for actions in wanting if len(actions) == 1]
    assert wanting == [*([action] for action in wanted), []]
    assert len(set(wanted)) == len(wanted)


def test_a_batch_is_signed_by_its_first_element() -> None:
    content = read_event(WEBHOOK, "api_gateway")
    first = json.dumps(json.loads(content["body"])[0], separators=(",", ":"), ensure_ascii=False)
    assert content["body"].startswith(f"[{first},")
    assert (content["httpMethod"], content["path"]) == ("POST", "/segment")
    assert content["headers"]["X-Signature"] == hmac.new(SHARED_SECRET.encode(), first.encode(), "sha1").hexdigest()


def test_the_webhooks_queue_brings_events_of_segment_alone() -> None:
    events = [json.loads(record["body"]) for record in read_event(WEBHOOK, "sqs")["Records"]]
    assert [read_segment_event(event).type for event in events] == ["track", "track"]


def test_eventbridges_queue_brings_events_of_segment_and_of_the_own_bus() -> None:
    envelopes = [json.loads(record["body"]) for record in read_event(WEBHOOK, "eventbridge")["Records"]]
    assert [envelope["source"].startswith("aws.partner/segment.com/") for envelope in envelopes] == [True, False]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_http_event_is_posted_to_its_route_and_signed_with_the_local_secret(action: str) -> None:
    content = read_event(action, "api_gateway")
    signature = hmac.new(SHARED_SECRET.encode(), content["body"].encode(), "sha1").hexdigest()
    assert (content["httpMethod"], content["path"]) == ("POST", f"/actions/{action.replace('_', '-')}")
    assert content["headers"]["X-Signature"] == signature


@pytest.mark.parametrize("action", ACTIONS)
def test_a_bus_event_is_segments_own_or_names_its_action(action: str) -> None:
    content = read_event(action, "eventbridge")
    if content["source"].startswith("aws.partner/segment.com/"):
        assert content["detail-type"] == content["detail"]["type"]
    else:
        assert content["detail-type"] == action
        assert set(content["detail"]) in ({"event"}, {"payload"})


def test_every_form_of_event_is_among_the_files() -> None:
    direct = [frozenset(read_event(action, "direct")) & {"payload", "mapping"} for action in ACTIONS]
    buses = [read_event(action, "eventbridge") for action in ACTIONS]
    assert set(direct) == {frozenset(), frozenset({"payload"}), frozenset({"mapping"})}
    assert {bus["source"].startswith("aws.partner/") for bus in buses} == {True, False}
    assert {next(iter(bus["detail"])) for bus in buses if len(bus["detail"]) == 1} == {"event", "payload"}


def test_each_event_has_an_expectation() -> None:
    expectations = json.loads((ROOT / "events/expectations.json").read_text())
    assert set(expectations) == {f"{function}/{source}" for function, source in ALL_FILES}
    assert {frozenset(expected) for expected in expectations.values()} == {frozenset({"outcome", "requests"})}

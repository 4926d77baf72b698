"""events/: realistic events, each in the envelope of its source and signed where the source checks that."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.actions import load_action
from delivery.subscriptions_file import read_subscriptions
from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.local_cloud.deployment import SHARED_SECRET
from segment_events import read_event
from tests.support.functions import ACTIONS, EXPECTATIONS, event_file
from tests.template.project import ASKED, EVENT_FILES, EVENTBRIDGE, REQUEST_FILES, WEBHOOK, WEBHOOK_FILES, properties

COMMON = {"anonymousId", "context", "integrations", "messageId", "originalTimestamp", "receivedAt", "sentAt"}
COMMON |= {"timestamp", "type", "userId", "version"}
OF_ITS_TYPE = {"track": {"event", "properties"}, "identify": {"traits"}}
ALL_FILES = EVENT_FILES + WEBHOOK_FILES
FIELDS_OF_A_RECORD = {"messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody"}
FIELDS_OF_A_RECORD |= {"eventSource", "eventSourceARN", "awsRegion"}
SEGMENTS = "aws.partner/segment.com/"
ROUTES = {
    (function, each["Properties"]["Path"], each["Properties"]["Method"].upper())
    for function in ASKED
    for each in properties(function)["Events"].values()
}
EACH_ACTION = pytest.mark.parametrize("action", ACTIONS)
EACH_REQUEST = pytest.mark.parametrize(("function", "name"), REQUEST_FILES)


def _signature(body: str) -> str:
    return hmac.new(SHARED_SECRET.encode(), body.encode(), "sha1").hexdigest()


def _inside(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give what is in an envelope: events, or {"event"} or {"payload"} and what goes with them."""
    if "Records" in content:
        for record in content["Records"]:
            yield from _inside(json.loads(record["body"]))
    elif "body" in content:
        body = json.loads(content["body"])
        yield from body if isinstance(body, list) else [body]
    else:
        yield content.get("detail", content)


def _segment_events(function: str, name: str) -> list[dict[str, Any]]:
    found = [inside for inside in _inside(event_file(function, name)) if "payload" not in inside]
    return [inside["event"] if isinstance(inside.get("event"), dict) else inside for inside in found]


def test_each_action_has_tests_an_event_for_each_source_and_an_expectation_and_no_other_file_is_there() -> None:
    assert [action for action in ACTIONS if not (PROJECT / f"tests/unit/functions/test_{action}.py").exists()] == []
    assert [action for action in ACTIONS if load_action(action).name != action] == []
    found = {path.relative_to(PROJECT / "events") for path in (PROJECT / "events").rglob("*") if path.is_file()}
    files = {Path(function, f"{name}.json") for function, name in ALL_FILES + REQUEST_FILES}
    assert found == files | {Path("expectations.json"), Path("subscriptions.json")}
    assert set(EXPECTATIONS) == {f"{function}/{name}" for function, name in ALL_FILES}
    assert {frozenset(expected) for expected in EXPECTATIONS.values()} == {frozenset({"outcome", "requests"})}


@pytest.mark.parametrize(("function", "name"), ALL_FILES)
def test_an_event_has_the_fields_that_every_segment_event_has(function: str, name: str) -> None:
    for event in _segment_events(function, name):
        # A deletion notice says little.
        is_deletion = event["type"] == "delete"
        fields = COMMON - {"anonymousId", "version"} if is_deletion else COMMON | OF_ITS_TYPE.get(event["type"], set())
        assert fields - set(event) == set()


def test_no_two_events_have_one_message_id() -> None:
    ids = [event["messageId"] for file in ALL_FILES for event in _segment_events(*file)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("function", "name", "queue"),
    [*((function, "sqs", function) for function in (*ACTIONS, WEBHOOK)), (WEBHOOK, "eventbridge", EVENTBRIDGE)],
)
def test_a_queues_event_is_as_aws_sends_it_from_its_queue(function: str, name: str, queue: str) -> None:
    arn = f"arn:aws:sqs:eu-west-1:123456789012:segment-dotdigital-{queue}"
    for record in event_file(function, name)["Records"]:
        said = (record["eventSource"], record["eventSourceARN"], record["awsRegion"])
        assert (said, set(record)) == (("aws:sqs", arn, "eu-west-1"), FIELDS_OF_A_RECORD)
        assert record["md5OfBody"] == hashlib.md5(record["body"].encode()).hexdigest()


@EACH_ACTION
def test_a_message_of_an_actions_queue_is_an_event_for_a_subscription_or_a_payload_with_an_id(action: str) -> None:
    (body,) = (json.loads(record["body"]) for record in event_file(action, "sqs")["Records"])
    names = {each.name for each in read_subscriptions(SUBSCRIPTIONS_FILE) if each.action == action}
    assert set(body) in ({"subscription", "event"}, {"payload", "messageId"})
    assert body.get("subscription", next(iter(names))) in names


def test_each_event_of_a_batch_is_for_an_action_of_its_own_and_the_last_for_none() -> None:
    subscriptions = read_subscriptions(SUBSCRIPTIONS_FILE)
    wanting = [
        [each.action for each in subscriptions if each.reason_against(read_event(raw), raw) is None]
        for raw in json.loads(event_file(WEBHOOK, "api_gateway")["body"])
    ]
    wanted = [actions[0] for actions in wanting if len(actions) == 1]
    assert wanting == [*([action] for action in wanted), []]
    assert len(set(wanted)) == len(wanted)


def test_a_batch_is_signed_by_its_first_element() -> None:
    content = event_file(WEBHOOK, "api_gateway")
    first = json.dumps(json.loads(content["body"])[0], separators=(",", ":"), ensure_ascii=False)
    assert content["body"].startswith(f"[{first},")
    assert (content["httpMethod"], content["path"]) == ("POST", "/segment")
    assert content["headers"]["X-Signature"] == _signature(first)


def test_the_webhooks_queue_brings_segments_events_and_eventbridges_queue_those_of_the_own_bus_too() -> None:
    assert [event["type"] for event in _segment_events(WEBHOOK, "sqs")] == ["track", "track"]
    envelopes = [json.loads(record["body"]) for record in event_file(WEBHOOK, "eventbridge")["Records"]]
    assert [envelope["source"].startswith(SEGMENTS) for envelope in envelopes] == [True, False]


@EACH_ACTION
def test_an_http_event_is_posted_to_its_route_and_signed_with_the_local_secret(action: str) -> None:
    content = event_file(action, "api_gateway")
    assert (content["httpMethod"], content["path"]) == ("POST", f"/actions/{action.replace('_', '-')}")
    assert content["headers"]["X-Signature"] == _signature(content["body"])


@EACH_ACTION
def test_a_bus_event_is_segments_own_or_names_its_action(action: str) -> None:
    content = event_file(action, "eventbridge")
    if content["source"].startswith(SEGMENTS):
        assert content["detail-type"] == content["detail"]["type"]
    else:
        assert content["detail-type"] == action
        assert set(content["detail"]) in ({"event"}, {"payload"})


def test_every_form_of_event_is_among_the_files() -> None:
    direct = [frozenset(event_file(action, "direct")) & {"payload", "mapping"} for action in ACTIONS]
    buses = [event_file(action, "eventbridge") for action in ACTIONS]
    assert set(direct) == {frozenset(), frozenset({"payload"}), frozenset({"mapping"})}
    assert {bus["source"].startswith(SEGMENTS) for bus in buses} == {True, False}
    assert {next(iter(bus["detail"])) for bus in buses if len(bus["detail"]) == 1} == {"event", "payload"}


@EACH_REQUEST
def test_a_request_is_of_a_route_of_its_function(function: str, name: str) -> None:
    request = event_file(function, name)
    assert (function, request["resource"], request["httpMethod"]) in ROUTES
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", request["resource"]), request["path"])


@EACH_REQUEST
def test_a_request_is_signed_with_the_local_secret_or_names_who_iam_let_in(function: str, name: str) -> None:
    request = event_file(function, name)
    who = request["requestContext"]["identity"]["userArn"]
    expected = (None, True) if function == "catalog" else (_signature(request["body"] or ""), False)
    assert (request["headers"].get("X-Signature"), bool(who)) == expected

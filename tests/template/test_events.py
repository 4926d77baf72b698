"""events/: realistic events, each in the envelope of its door and signed where the door checks that."""

import hmac
import json
from typing import Any

import pytest

from local.cloud.deployment import SHARED_SECRET
from tests.template.project import ACTIONS, EVENT_FILES, ROOT, read_event

COMMON = {"anonymousId", "context", "integrations", "messageId", "originalTimestamp", "receivedAt", "sentAt"}
COMMON |= {"timestamp", "type", "userId", "version", "event", "properties"}


def _inside(content: dict[str, Any]) -> Any:
    """Return what a door finds in its envelope: an event, or {"event"} or {"payload"}."""
    return json.loads(content["body"]) if "body" in content else content.get("detail", content)


def _segment_event(content: dict[str, Any]) -> dict[str, Any] | None:
    inside = _inside(content)
    event = inside["event"] if isinstance(inside.get("event"), dict) else inside
    return None if "payload" in inside else event


@pytest.mark.parametrize(("action", "door"), EVENT_FILES)
def test_an_event_has_the_fields_that_every_segment_event_has(action: str, door: str) -> None:
    event = _segment_event(read_event(action, door))
    assert event is None or set(event) >= COMMON


def test_no_two_events_have_one_message_id() -> None:
    events = [_segment_event(read_event(*file)) for file in EVENT_FILES]
    ids = [event["messageId"] for event in events if event]
    assert len(ids) == len(set(ids))


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
    assert set(expectations) == {f"{action}/{door}" for action, door in EVENT_FILES}
    assert {frozenset(expected) for expected in expectations.values()} == {frozenset({"outcome", "requests"})}

"""Events that are there before their contact, and events of nobody, with the subscriptions as they ship."""

from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import invoke
from tests.support.queued import body, dead_letters, deliver
from tests.support.segment import rest_event, track

VISIT = track("Record Event", email="new@example.com") | {"messageId": "visit"}
PERSONAS = {"computation_class": "audience", "computation_key": "vips", "external_audience_id": "302"}
ADVICE = "map missingContact to retry to wait for it, to skip to leave it out, to create to have it made"


def try_again(aws: Aws, minutes: int) -> int:
    """Give the function the message as it is received after so many minutes; how many messages stay in the queue."""
    aws.make_queues("record_event")
    aws.put("record_event", {"subscription": "Record Event", "event": VISIT})
    [record] = aws.receive_all("record_event")
    sent = int(record["attributes"]["SentTimestamp"]) - minutes * 60_000
    received = record | {"attributes": {"SentTimestamp": str(sent), "ApproximateReceiveCount": "2"}}
    return len(invoke("record_event", {"Records": [received]})["batchItemFailures"])


def effects(sandbox: Sandbox) -> list[str]:
    return [effect.effect for effect in sandbox.journal]


def test_an_event_waits_for_its_contact_which_another_event_makes_and_is_recorded_once(
    aws: Aws, sandbox: Sandbox
) -> None:
    assert (try_again(aws, minutes=0), effects(sandbox)) == (1, [])
    deliver(aws, "add_contact_to_list", body("add_contact_to_list", email="new@example.com"))
    made = effects(sandbox)
    assert (try_again(aws, minutes=1), effects(sandbox)) == (0, [*made, "event_recorded"])
    assert dead_letters(aws, "record_event") == []


@pytest.mark.parametrize(("minutes", "kept"), [(14, 1), (16, 0)])
def test_a_contact_that_never_comes_is_waited_for_15_minutes(
    aws: Aws, sandbox: Sandbox, minutes: int, kept: int
) -> None:
    assert (try_again(aws, minutes), effects(sandbox)) == (kept, [])
    told = [attributes["reason"] for _, attributes in dead_letters(aws, "record_event")]
    assert told == [f"Dotdigital has no such contact; {ADVICE}"] * (1 - kept)


def test_on_the_direct_route_the_sender_is_to_try_again(sandbox: Sandbox) -> None:
    response = invoke("record_event", rest_event(VISIT, "/actions/record-event"))
    assert (response["statusCode"], response["headers"].get("Retry-After")) == (503, None)
    assert effects(sandbox) == []


@pytest.mark.parametrize(
    ("action", "event"),
    [
        ("record_event", track("Record Event")),
        ("sync_audience", track("Sync Audience") | {"context": {"personas": PERSONAS}}),
    ],
)
def test_an_event_of_nobody_is_skipped(aws: Aws, sandbox: Sandbox, action: str, event: dict[str, Any]) -> None:
    subscription = event["event"]
    outcome = invoke(action, event)
    assert (outcome["outcome"], outcome["subscription"]) == ("skipped", subscription)
    assert outcome["reason"] == "the event has no identifier, and emptyIdentifier is skip"
    assert deliver(aws, action, {"subscription": subscription, "event": event}) == []
    assert (dead_letters(aws, action), sandbox.requests) == ([], ())

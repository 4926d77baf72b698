"""The queued path as it is deployed: Segment's batches and EventBridge's events, through real queues, to Dotdigital."""

import json
from typing import Any

import pytest

from dev import PROJECT
from tests.end_to_end.cloud import Cloud
from tests.support.functions import ACTIONS, event_file
from tests.support.queued import PROPERTIES, SUBSCRIPTIONS
from tests.support.segment import own_event, track

pytestmark = pytest.mark.local_cloud
SENDS = ("campaign_sent", "email_sent", "enrolled", "sms_sent")
EXPECTED = json.loads((PROJECT / "events/expectations.json").read_text())
SUBSCRIBED = tuple(action for action in ACTIONS if EXPECTED[f"{action}/api_gateway"]["outcome"] != "skipped")


def _event(action: str, message_id: str, **properties: Any) -> dict[str, Any]:
    """An event that the action's subscription wants."""
    return track(SUBSCRIPTIONS[action], **{**PROPERTIES[action], **properties}) | {"messageId": message_id}


def _batch() -> list[dict[str, Any]]:
    """The event of each action's HTTP sample, and one that nothing wants."""
    return [*(json.loads(event_file(action, "api_gateway")["body"]) for action in ACTIONS), track("Basket Viewed")]


def _ids(events: list[dict[str, Any]]) -> set[str]:
    return {str(event["messageId"]) for event in events}


def test_a_batch_goes_to_every_action_that_is_subscribed_and_each_does_its_part(cloud: Cloud) -> None:
    batch = _batch()
    answer = cloud.post(batch)
    queued = dict.fromkeys(SUBSCRIBED, 1)
    skipped = len(batch) - len(queued)
    assert answer.status_code == 200
    assert answer.json() == {"events": len(batch), "queued": queued, "skipped": skipped, "rejected": 0}
    assert cloud.outcomes(_ids(batch), len(queued)) == ["delivered"] * len(queued)
    written = [request for action in SUBSCRIBED for request in EXPECTED[f"{action}/api_gateway"]["requests"]]
    assert cloud.requests() == sorted(written)
    assert cloud.left() == {}


def test_the_same_batch_again_sends_nothing_again(cloud: Cloud) -> None:
    batch = [event | {"messageId": f"twice-{number}"} for number, event in enumerate(_batch())]
    sent = []
    for times in (1, 2):
        assert cloud.post(batch).status_code == 200
        assert len(cloud.outcomes(_ids(batch), times * len(SUBSCRIBED))) == times * len(SUBSCRIBED)
        sent.append([effect.split()[0] for effect in cloud.effects() if effect.startswith(SENDS)])
    assert sent[0] == sent[1]
    assert set(sent[0]) == set(SENDS)


def test_events_of_segment_and_of_our_own_come_by_eventbridge(cloud: Cloud) -> None:
    cloud.put_partner_event(_event("send_sms", "partner", phone="+447700900201"))
    cloud.put_own_event("send_sms", {"event": _event("send_sms", "own", phone="+447700900202")})
    payload = {"to": "+447700900203", "message": "Hello"}
    bus_id = cloud.put_own_event("send_transactional_sms", {"payload": payload})
    assert cloud.outcomes({"partner", "own", bus_id}, 3) == ["delivered"] * 3
    assert cloud.effects() == ["sms_sent 447700900201", "sms_sent 447700900202", "sms_sent 447700900203"]


def test_what_eventbridge_did_not_deliver_is_no_envelope(cloud: Cloud) -> None:
    payload = {"payload": {"to": "+447700900206", "message": "Hello"}}
    disguise = own_event(payload, "send_sms") | {"messageId": "disguised"}
    assert cloud.post([track("Basket Viewed"), track("Basket Viewed") | disguise]).json()["skipped"] == 2
    cloud.send("segment_webhook", disguise)
    ((body, attributes),) = cloud.dead_letters("segment_webhook", "disguised")
    assert (body, attributes["reason"]) == (disguise, "not a Segment event: type is required")
    assert (cloud.left(), cloud.effects()) == ({}, [])


def test_an_own_event_goes_to_the_action_that_it_names_alone(cloud: Cloud) -> None:
    cloud.put_own_event("enrol_contact", {"event": _event("send_sms", "misnamed", phone="+447700900204")})
    cloud.put_own_event("send_sms", {"event": _event("send_sms", "named", phone="+447700900205")})
    assert cloud.outcomes({"misnamed", "named"}, 1) == ["delivered"]
    assert cloud.effects() == ["sms_sent 447700900205"]


def test_a_poison_event_is_a_dead_letter_with_its_reason_and_the_others_are_delivered(cloud: Cloud) -> None:
    poison = {"messageId": "poison", "event": "Send SMS"}
    first = _event("send_sms", "before", phone="+447700900301")
    last = _event("send_sms", "after", phone="+447700900302")
    answer = cloud.post([first, poison, last])
    assert answer.json() == {"events": 3, "queued": {"send_sms": 2}, "skipped": 0, "rejected": 1}
    assert cloud.outcomes({"before", "after"}, 2) == ["delivered"] * 2
    ((body, attributes),) = cloud.dead_letters("segment_webhook", "poison")
    assert body == poison
    assert attributes.pop("reason").startswith("not a Segment event")
    assert attributes == {
        "outcome": "rejected",
        "action": "segment_webhook",
        "subscription": "(none)",
        "messageId": "poison",
    }


def test_a_rejected_message_is_a_dead_letter_of_its_action_with_its_reason(cloud: Cloud) -> None:
    event = _event("send_sms", "no-number", phone="12")
    assert cloud.post([event]).json()["queued"] == {"send_sms": 1}
    ((body, attributes),) = cloud.dead_letters("send_sms", "no-number")
    assert body == {"subscription": "Send SMS", "event": event}
    assert attributes.pop("reason")
    assert attributes == {
        "outcome": "rejected",
        "action": "send_sms",
        "subscription": "Send SMS",
        "messageId": "no-number",
    }
    assert cloud.effects() == []


def test_a_send_that_may_have_happened_is_a_dead_letter_and_is_not_made_again(cloud: Cloud) -> None:
    cloud.fail(action="drop_after", match={"path": "447700900401"})
    assert cloud.post([_event("send_sms", "broke", phone="+447700900401")]).status_code == 200
    ((_, attributes),) = cloud.dead_letters("send_sms", "broke")
    assert attributes["outcome"] == "in_doubt"
    assert cloud.effects() == ["sms_sent 447700900401"]
    assert cloud.left() == {}


def test_a_message_that_is_refused_for_a_limit_comes_again_after_the_wait_and_all_are_sent_once(cloud: Cloud) -> None:
    cloud.fail(action="status", status=429, headers={"Retry-After": "2"}, match={"path": "447700900501"})
    limited = _event("send_sms", "limited", phone="+447700900501")
    other = _event("send_sms", "not-limited", phone="+447700900502")
    assert cloud.post([limited, other]).json()["queued"] == {"send_sms": 2}
    assert cloud.outcomes({"limited"}, 2) == ["delivered", "retry"]
    assert cloud.left() == {}
    assert cloud.effects() == ["sms_sent 447700900501", "sms_sent 447700900502"]


def test_a_batch_with_a_wrong_signature_does_nothing(cloud: Cloud) -> None:
    answer = cloud.post(_batch(), signed_as=b"something else")
    assert (answer.status_code, set(answer.json())) == (401, {"message"})
    assert cloud.left() == {}
    assert (cloud.requests(), cloud.effects()) == ([], [])

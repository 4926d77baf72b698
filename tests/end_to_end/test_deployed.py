"""What is deployed: Segment's batches and EventBridge's events go through real queues to Dotdigital; who may read."""

import json
from typing import Any

import pytest

from tests.end_to_end.cloud import Cloud
from tests.support.functions import ACTIONS, EXPECTATIONS, event_file
from tests.support.queued import body
from tests.support.segment import own_event, track

pytestmark = pytest.mark.local_cloud
SENDS = ("campaign_sent", "email_sent", "enrolled", "sms_sent")
SUBSCRIBED = tuple(action for action in ACTIONS if EXPECTATIONS[f"{action}/api_gateway"]["outcome"] != "skipped")


def _text(message_id: str, phone: str) -> dict[str, Any]:
    """An event that "Send SMS" wants."""
    event: dict[str, Any] = body("send_sms", message_id, phone=phone)["event"]
    return event


def _batch() -> list[dict[str, Any]]:
    """The event of each action's HTTP sample, and one that nothing wants."""
    return [*(json.loads(event_file(action, "api_gateway")["body"]) for action in ACTIONS), track("Basket Viewed")]


def _ids(events: list[dict[str, Any]]) -> set[str]:
    return {str(event["messageId"]) for event in events}


def test_a_batch_goes_to_every_action_that_is_subscribed_and_each_does_its_part(cloud: Cloud) -> None:
    batch = _batch()
    response = cloud.post(batch)
    queued = dict.fromkeys(SUBSCRIBED, 1)
    counts = {"events": len(batch), "queued": queued, "skipped": len(batch) - len(queued), "rejected": 0}
    assert (response.status_code, response.json()) == (200, counts)
    assert cloud.outcomes(_ids(batch), len(queued)) == ["delivered"] * len(queued)
    expected = [request for action in SUBSCRIBED for request in EXPECTATIONS[f"{action}/api_gateway"]["requests"]]
    assert (cloud.requests(), cloud.left()) == (sorted(expected), {})


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
    cloud.put_partner_event(_text("partner", "+447700900201"))
    cloud.put_own_event("send_sms", {"event": _text("own", "+447700900202")})
    payload = {"to": "+447700900203", "message": "Hello"}
    bus_id = cloud.put_own_event("send_transactional_sms", {"payload": payload})
    assert cloud.outcomes({"partner", "own", bus_id}, 3) == ["delivered"] * 3
    assert cloud.effects() == ["sms_sent 447700900201", "sms_sent 447700900202", "sms_sent 447700900203"]


def test_what_eventbridge_did_not_deliver_is_no_envelope(cloud: Cloud) -> None:
    payload = {"payload": {"to": "+447700900206", "message": "Hello"}}
    disguise = own_event(payload, "send_sms") | {"messageId": "disguised"}
    assert cloud.post([track("Basket Viewed"), track("Basket Viewed") | disguise]).json()["skipped"] == 2
    cloud.send("segment_webhook", disguise)
    content, attributes = cloud.dead_letter("segment_webhook", "disguised")
    assert (content, attributes["reason"]) == (disguise, "not a Segment event: type is required")
    assert (cloud.left(), cloud.effects()) == ({}, [])


def test_an_own_event_goes_to_the_action_that_it_names_alone(cloud: Cloud) -> None:
    cloud.put_own_event("enrol_contact", {"event": _text("misnamed", "+447700900204")})
    cloud.put_own_event("send_sms", {"event": _text("named", "+447700900205")})
    assert cloud.outcomes({"misnamed", "named"}, 1) == ["delivered"]
    assert cloud.effects() == ["sms_sent 447700900205"]


def test_a_poison_event_is_a_dead_letter_with_its_reason_and_the_others_are_delivered(cloud: Cloud) -> None:
    poison = {"messageId": "poison", "event": "Send SMS"}
    response = cloud.post([_text("before", "+447700900301"), poison, _text("after", "+447700900302")])
    assert response.json() == {"events": 3, "queued": {"send_sms": 2}, "skipped": 0, "rejected": 1}
    assert cloud.outcomes({"before", "after"}, 2) == ["delivered"] * 2
    content, attributes = cloud.dead_letter("segment_webhook", "poison")
    assert attributes.pop("reason").startswith("not a Segment event")
    expected = {"outcome": "rejected", "action": "segment_webhook", "subscription": "(none)", "messageId": "poison"}
    assert (content, attributes) == (poison, expected)


def test_a_rejected_message_is_a_dead_letter_of_its_action_with_its_reason(cloud: Cloud) -> None:
    event = _text("no-number", "12")
    assert cloud.post([event]).json()["queued"] == {"send_sms": 1}
    content, attributes = cloud.dead_letter("send_sms", "no-number")
    assert attributes.pop("reason")
    expected = {"outcome": "rejected", "action": "send_sms", "subscription": "Send SMS", "messageId": "no-number"}
    assert (content, attributes) == ({"subscription": "Send SMS", "event": event}, expected)
    assert cloud.effects() == []


def test_a_send_that_may_have_happened_is_a_dead_letter_and_is_not_made_again(cloud: Cloud) -> None:
    cloud.fail(action="drop_after", match={"path": "447700900401"})
    assert cloud.post([_text("broke", "+447700900401")]).status_code == 200
    assert cloud.dead_letter("send_sms", "broke")[1]["outcome"] == "in_doubt"
    assert (cloud.effects(), cloud.left()) == (["sms_sent 447700900401"], {})


def test_a_message_that_is_refused_for_a_limit_comes_again_after_the_wait_and_all_are_sent_once(cloud: Cloud) -> None:
    cloud.fail(action="status", status=429, headers={"Retry-After": "2"}, match={"path": "447700900501"})
    batch = [_text("limited", "+447700900501"), _text("not-limited", "+447700900502")]
    assert cloud.post(batch).json()["queued"] == {"send_sms": 2}
    assert cloud.outcomes({"limited"}, 2) == ["delivered", "retry"]
    assert cloud.left() == {}
    assert cloud.effects() == ["sms_sent 447700900501", "sms_sent 447700900502"]


def test_a_batch_with_a_wrong_signature_does_nothing(cloud: Cloud) -> None:
    response = cloud.post(_batch(), signed_as=b"something else")
    assert (response.status_code, set(response.json())) == (401, {"message"})
    assert (cloud.left(), cloud.requests(), cloud.effects()) == ({}, [], [])


@pytest.mark.parametrize("path", ["/catalog/lists", "/catalog/account", "/catalog/data-fields"])
def test_a_request_to_the_catalog_must_be_signed_for_iam(cloud: Cloud, path: str) -> None:
    response = cloud.get(path, for_iam=False)
    assert (response.status_code, response.json()["message"].partition(":")[0]) == (404, "No such route")


def test_a_request_that_is_signed_for_iam_reads_the_catalog(cloud: Cloud) -> None:
    response = cloud.get("/catalog/programs?format=choices", for_iam=True)
    choices = [{"label": "Welcome series", "value": "501"}, {"label": "Win back", "value": "502"}]
    assert (response.status_code, response.json()) == (200, {"choices": choices})


def test_audiences_are_not_for_iam(cloud: Cloud) -> None:
    assert cloud.get("/audiences/302", for_iam=True).status_code == 401

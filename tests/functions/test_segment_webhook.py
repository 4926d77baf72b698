"""The one URL that Segment is given: what goes into which queue, what is skipped or poison, and what is responded."""

import base64
import json
from typing import Any

import pytest

from segment_webhook.app import WebhookFunction
from tests.support.aws import SECRET, Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import http_response, invoke, request
from tests.support.lossy_proxy import Losing
from tests.support.queued import PROPERTIES, body, dead_letters, queue_event
from tests.support.segment import http_event, own_event, partner_event, rest_event, signature, track, written

ACTIONS = tuple(PROPERTIES)
EVENT = body()["event"]
NO_SIGNATURE = "the header X-Signature is missing: the Shared Secret in Segment must be the secret's sharedSecret"
NOT_SIGNED = (
    "the header X-Signature is not that of {} under sharedSecret: the Shared Secret in Segment must be the "
    "secret's sharedSecret"
)
UNWANTED = track("Nobody wants this")
MOST_BYTES = 1_048_576
DONE: dict[str, Any] = {"batchItemFailures": []}
NO_OBJECT = "not a Segment event: it is not an object"
NO_EVENT = "not a Segment event: type is required; messageId is required"


@pytest.fixture(autouse=True)
def queues(aws: Aws) -> None:
    aws.make_queues("segment_webhook", "eventbridge", *ACTIONS)


def post(content: Any, **differences: Any) -> tuple[int, dict[str, Any]]:
    """POST /segment, signed as Segment does: a batch by its first element."""
    first = content[0] if isinstance(content, list) and content else content
    signed = written(first.get("json", first) if isinstance(first, dict) else first)
    headers = {"Content-Type": "application/json", "X-Signature": signature(signed)}
    return request("segment_webhook", rest_event(content, "/segment", headers=headers) | differences)


def from_queue(*bodies: Any, queue: str = "segment_webhook") -> dict[str, Any]:
    return invoke("segment_webhook", queue_event(*bodies, queue=queue))


def queued(aws: Aws, name: str = "send_sms") -> list[Any]:
    return [json.loads(record["body"]) for record in aws.receive(name)]


def counts(**differences: Any) -> dict[str, Any]:
    return {"events": 1, "queued": {}, "skipped": 0, "rejected": 0, **differences}


def of_size(size: int, text: str = "x") -> dict[str, Any]:
    """An event whose message for "Send SMS" has so many bytes."""
    letters, rest = divmod(size - len(written(body(message=""))), len(text.encode()))
    event: dict[str, Any] = body(message=text * letters + "x" * rest)["event"]
    return event


def test_a_batch_goes_into_all_the_queues(aws: Aws) -> None:
    batch = [body(action)["event"] for action in ACTIONS] + [UNWANTED]
    assert post(batch) == (200, counts(events=8, queued=dict.fromkeys(ACTIONS, 1), skipped=1))
    assert {action: queued(aws, action) for action in ACTIONS} == {action: [body(action)] for action in ACTIONS}


def test_the_extensible_webhooks_elements_are_unwrapped(aws: Aws) -> None:
    expected = counts(events=2, queued={"send_sms": 1}, skipped=1)
    assert post([{"json": EVENT}, {"json": UNWANTED}]) == (200, expected)
    assert queued(aws) == [body()]


def test_an_event_that_two_subscriptions_want_is_a_message_for_each(aws: Aws, subscribe: Any) -> None:
    entry = {"action": "send_sms", "subscribe": 'event = "Send SMS"', "mapping": {"to": "+447700900123"}}
    subscribe({**entry, "name": "One"}, {**entry, "name": "Two"})
    assert post(EVENT) == (200, counts(queued={"send_sms": 2}))
    assert queued(aws) == [{"subscription": name, "event": EVENT} for name in ("One", "Two")]


@pytest.mark.parametrize("difference", [{"integrations": {"Dotdigital": False}}, {"event": "Other"}])
def test_what_nothing_wants_is_skipped(aws: Aws, difference: dict[str, Any]) -> None:
    assert post(EVENT | difference) == (200, counts(skipped=1))
    assert queued(aws) == []


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        ({"type": "track"}, "not a Segment event: messageId is required"),
        ({"type": "order", "messageId": "m-9"}, "not a Segment event: type must be one of"),
        (7, NO_OBJECT),
        ([], NO_OBJECT),
        (None, NO_OBJECT),
    ],
)
def test_a_poison_event_is_dead_with_its_reason_and_the_others_go_on(aws: Aws, poison: Any, reason: str) -> None:
    expected = counts(events=3, queued={"send_sms": 1}, skipped=1, rejected=1)
    assert post([EVENT, poison, UNWANTED]) == (200, expected)
    assert queued(aws) == [body()]
    [(text, attributes)] = dead_letters(aws, "segment_webhook")
    assert (json.loads(text), attributes.pop("reason")[: len(reason)]) == (poison, reason)
    attributes.pop("messageId", None)
    assert attributes == {"outcome": "rejected", "action": "segment_webhook", "subscription": "(none)"}


@pytest.mark.parametrize("text", ["x", "é", "😀"])
def test_an_event_is_queued_up_to_the_last_byte_that_a_queue_holds(aws: Aws, text: str) -> None:
    event = of_size(MOST_BYTES, text)
    assert post([event, UNWANTED]) == (200, counts(events=2, queued={"send_sms": 1}, skipped=1))
    [record] = aws.receive("send_sms")
    assert (len(record["body"].encode()), json.loads(record["body"])["event"]) == (MOST_BYTES, event)
    assert dead_letters(aws, "segment_webhook") == []


def test_an_event_of_one_byte_more_is_a_dead_letter_as_it_came_with_the_attributes_that_fit(aws: Aws) -> None:
    event = of_size(MOST_BYTES + 1)
    assert post([event, UNWANTED]) == (200, counts(events=2, skipped=1, rejected=1))
    [(text, attributes)] = dead_letters(aws, "segment_webhook")
    assert (json.loads(text), attributes) == (event, {"outcome": "rejected"})


@pytest.mark.parametrize("poison", [False, True])
def test_an_event_that_no_queue_holds_is_413_and_the_others_are_queued(aws: Aws, poison: bool) -> None:
    event = of_size(MOST_BYTES + 1000)
    if poison:
        event.pop("type")
    status, content = post([EVENT, event, UNWANTED])
    message = "an event is too large: with the name of its subscription it may have 1,048,576 bytes"
    expected = counts(events=3, queued={"send_sms": 1}, skipped=1, rejected=1)
    assert (status, content) == (413, {"message": f"{message}; the others are queued", **expected})
    assert (queued(aws), dead_letters(aws, "segment_webhook")) == ([body()], [])


def test_a_direct_invoke_with_what_no_queue_holds_is_told_so(aws: Aws) -> None:
    assert invoke("segment_webhook", of_size(MOST_BYTES + 1000)) == counts(rejected=1) | {
        "outcome": "rejected",
        "action": "segment_webhook",
        "subscription": "(none)",
        "reason": f"the message is too large for a queue: {MOST_BYTES + 1000} bytes of {MOST_BYTES}",
    }
    assert dead_letters(aws, "segment_webhook") == []


@pytest.mark.parametrize("queue", ["segment_webhook", "eventbridge"])
def test_what_fills_its_message_is_dead_whole_beside_its_queue(aws: Aws, queue: str) -> None:
    event = of_size(MOST_BYTES - 1000) | {"type": "order", "padding": ""}
    content: dict[str, Any] = event if queue == "segment_webhook" else partner_event(event)
    event["padding"] = "x" * (MOST_BYTES - len(json.dumps(content)))
    text = json.dumps(content)
    assert len(text) == MOST_BYTES
    assert from_queue(text, queue=queue) == DONE
    assert dead_letters(aws, queue) == [(text, {})]


@pytest.mark.parametrize("text", ["\u0000\u0008", "\ufffe", "Zoë 😀", "</script>"])
def test_any_whole_text_goes_through_the_queue_as_it_came(aws: Aws, text: str) -> None:
    raw = json.dumps(body(message=text)["event"]).encode()
    assert request("segment_webhook", rest_event(raw, "/segment"))[0] == 200
    assert queued(aws) == [body(message=text)]


def test_a_batch_larger_than_one_request_to_sqs_is_queued_whole(aws: Aws) -> None:
    batch = [body(message_id=str(number), message="x" * 30_000)["event"] for number in range(25)]
    assert post(batch) == (200, counts(events=25, queued={"send_sms": 25}))
    assert aws.waiting("send_sms")["visible"] == 25


@pytest.mark.parametrize(
    ("events", "status", "content"),
    [
        (0, 200, counts(events=0)),
        (4000, 200, counts(events=4000, skipped=4000)),
        (4001, 413, {"message": "a batch has at most 4000 events"}),
    ],
)
def test_a_batch_has_up_to_4000_events(events: int, status: int, content: dict[str, Any]) -> None:
    assert post([UNWANTED] * events) == (status, content)


@pytest.mark.parametrize(
    ("differences", "status", "message"),
    [
        (
            {"headers": {"X-Signature": "0" * 40}},
            401,
            NOT_SIGNED.format(f"the whole body ({len(written(EVENT))} bytes)"),
        ),
        ({"headers": {}}, 401, NO_SIGNATURE),
        (
            {"body": "[1, 2]", "headers": {"x-signature": "0" * 40}},
            401,
            NOT_SIGNED.format("the first event of the batch (1 of 6 bytes)"),
        ),
        ({"path": "/actions/send-sms"}, 404, "this function answers /segment only"),
        ({"isBase64Encoded": True, "body": "!"}, 400, "the body is not base64"),
        ({"body": "{"}, 401, NOT_SIGNED.format("the whole body (1 bytes)")),
    ],
)
def test_a_request_that_is_not_segments_does_nothing(
    aws: Aws, differences: dict[str, Any], status: int, message: str
) -> None:
    assert post(EVENT, **differences) == (status, {"message": message})
    assert queued(aws) == []


@pytest.mark.parametrize(("given", "wrong"), [({}, "is missing"), ({"X-Webhook-Secret": "w"}, "is not webhookSecret")])
def test_a_webhook_secret_that_does_not_fit_is_told_without_its_value(
    aws: Aws, given: dict[str, str], wrong: str
) -> None:
    aws.put_secret(SECRET | {"webhookSecret": "covers-all", "sharedSecretPrevious": "before"})
    headers = {"X-Signature": signature(written(EVENT))} | given
    expected = (
        f"the header X-Webhook-Secret {wrong}: the mapping's Headers in Segment must have the secret's webhookSecret"
    )
    assert post(EVENT, headers=headers) == (401, {"message": expected})
    _, refusal = post(EVENT, headers=given)
    assert refusal == {"message": NO_SIGNATURE}


def test_a_signed_body_that_is_not_json_is_400() -> None:
    assert request("segment_webhook", rest_event(b"{", "/segment"))[0] == 400


def test_a_body_in_base64_and_an_http_api_are_read_too() -> None:
    encoded = base64.b64encode(written(EVENT)).decode()
    expected = (200, counts(queued={"send_sms": 1}))
    assert post(EVENT, body=encoded, isBase64Encoded=True) == expected
    assert request("segment_webhook", http_event(EVENT, "/segment")) == expected


def test_a_queue_that_cannot_be_reached_is_503_so_that_segment_sends_again(
    aws: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    aws.drop_queue("send_sms")
    batch = [body(message_id="1"), body("enrol_contact", "2"), body(message_id="3"), body("enrol_contact", "4")]
    message = "the queues did not take all of it: send it again, and what they have is recognised"
    assert post([*(each["event"] for each in batch), UNWANTED, {"type": "track"}]) == (503, {"message": message})
    assert queued(aws, "enrol_contact") == [batch[1], batch[3]]
    told = {record.getMessage(): vars(record) for record in caplog.records}
    assert told["queued"]["counts"] == counts(events=4, queued={"enrol_contact": 2}, skipped=1, rejected=1)
    assert told["the queues did not take all"]["missed"] == 2


@pytest.mark.parametrize(("seconds", "status"), [(4.4, 200), (4.6, 503)])
def test_a_queue_is_asked_again_as_long_as_segment_waits(losing: Losing, seconds: float, status: int) -> None:
    clock = Clock()
    # botocore itself makes the request twice, and we again where there is time.
    with losing("SQS", "SendMessageBatch", 2, lambda: clock.sleep(seconds / 2)) as proxy:
        response = WebhookFunction(monotonic=clock).respond(rest_event(EVENT, "/segment"), None)
    assert (http_response(response)[0], proxy.lost) == (status, 2)


def test_a_secret_that_cannot_be_used_is_503(aws: Aws) -> None:
    aws.put_secret("not JSON")
    assert post(EVENT) == (503, {"message": "the secret of this function cannot be used"})


def test_a_batch_without_a_shared_secret_is_taken_unsigned(aws: Aws) -> None:
    aws.put_secret(SECRET | {"sharedSecret": ""})
    assert post([EVENT], headers={}) == (200, counts(queued={"send_sms": 1}))


@pytest.mark.parametrize(
    ("queue", "content"),
    [
        ("eventbridge", partner_event(EVENT)),
        ("eventbridge", own_event({"event": EVENT})),
        ("eventbridge", own_event({"event": EVENT}, "sendSms")),
        ("eventbridge", own_event(EVENT)),
        ("segment_webhook", EVENT),
    ],
    ids=["Segment's", "own", "own, by slug", "own, bare", "a backfill's"],
)
def test_what_comes_by_a_queue_goes_on_to_the_actions(aws: Aws, queue: str, content: Any) -> None:
    assert from_queue(content, queue=queue) == DONE
    assert queued(aws) == [body()]


def test_an_own_event_goes_to_the_action_that_it_names_and_to_no_other(aws: Aws) -> None:
    assert from_queue(own_event({"event": EVENT}, "send_email_campaign"), queue="eventbridge") == DONE
    assert [queued(aws, action) for action in ACTIONS] == [[]] * len(ACTIONS)


@pytest.mark.parametrize(
    ("queue", "content", "reason"),
    [
        ("segment_webhook", "{", NO_OBJECT),
        ("segment_webhook", partner_event(EVENT), NO_EVENT),
        ("segment_webhook", own_event({"event": EVENT}), NO_EVENT),
        ("eventbridge", EVENT, "it is no envelope of EventBridge with a detail-type and a detail"),
        ("eventbridge", own_event({"event": EVENT}, "send_pigeon"), "the detail-type must be the name of"),
        ("eventbridge", own_event("text"), "the detail must be an object: {event} with a Segment event in it"),
        ("eventbridge", partner_event(EVENT) | {"detail": {}}, NO_EVENT),
    ],
)
def test_poison_in_a_queue_is_dead_as_it_came_beside_that_queue_and_the_rest_goes_on(
    aws: Aws, queue: str, content: Any, reason: str
) -> None:
    good = partner_event(EVENT) if queue == "eventbridge" else EVENT
    assert from_queue(content, good, queue=queue) == DONE
    [(text, attributes)] = dead_letters(aws, queue)
    assert text == (content if isinstance(content, str) else json.dumps(content))
    assert attributes["reason"].startswith(reason)
    assert queued(aws) == [body()]


def test_what_an_actions_queue_did_not_take_stays_in_its_own_queue(aws: Aws) -> None:
    aws.drop_queue("send_sms")
    assert from_queue(EVENT, body("enrol_contact")["event"]) == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert queued(aws, "enrol_contact") == [body("enrol_contact")]


def test_a_direct_invoke_is_told_the_counts_and_raises_where_it_was_not_queued(aws: Aws) -> None:
    assert invoke("segment_webhook", EVENT) == counts(queued={"send_sms": 1})
    aws.drop_queue("send_sms")
    with pytest.raises(RuntimeError, match="the queues did not take all of it"):
        invoke("segment_webhook", EVENT)

"""Every envelope gives what it holds; what cannot be read says what it should be."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from cli.preview.envelopes import InputError, read_input
from delivery.incoming import EventBus, Incoming, IncomingEvent, IncomingPayload
from segment_events import read_event

EVENT = {"type": "track", "event": "Bought", "messageId": "m-1"}
PAYLOAD = {"to": "+447700900123", "message": "Hello"}


def event(**facts: Any) -> IncomingEvent:
    return IncomingEvent(read_event(EVENT), EVENT, **facts)


def request(body: str, **changes: Any) -> dict[str, Any]:
    return {"requestContext": {}, "httpMethod": "POST", "path": "/segment", "body": body, **changes}


def message(body: Any, queue: str = "shop-segment_webhook") -> dict[str, Any]:
    return {"body": json.dumps(body), "eventSource": "aws:sqs", "eventSourceARN": f"arn:aws:sqs:eu-west-1:1:{queue}"}


def envelope(detail: Any, detail_type: str = "track", source: str = "aws.partner/segment.com/x") -> dict[str, Any]:
    return {"id": "e-1", "detail-type": detail_type, "source": source, "detail": detail}


@pytest.mark.parametrize(
    ("content", "given"),
    [
        (EVENT, [event()]),
        ([EVENT, {"json": EVENT}], [event(), event()]),
        (request(json.dumps(EVENT)), [event()]),
        (request(json.dumps([EVENT, EVENT])), [event(), event()]),
        (request(json.dumps(EVENT), path="/actions/send-sms"), [event(action="send_sms")]),
        (
            {"requestContext": {}, "rawPath": "/live/actions/send-sms/", "body": json.dumps(EVENT)},
            [event(action="send_sms")],
        ),
        (
            request(base64.b64encode(json.dumps(EVENT).encode()).decode(), isBase64Encoded=True),
            [event()],
        ),
        (envelope(EVENT), [event()]),
        (envelope({"event": EVENT}, "sendSms", "shop"), [event(action="send_sms")]),
        (envelope({"payload": PAYLOAD}, "send_sms", "shop"), [IncomingPayload(PAYLOAD, "send_sms", "e-1")]),
        ({"Records": [message(EVENT)]}, [event()]),
        ({"Records": [message(envelope(EVENT), "shop-eventbridge-dead-letters")]}, [event()]),
        (
            {"Records": [message({"subscription": "Texts", "event": EVENT}, "shop-send_sms")]},
            [event(action="send_sms", subscription="Texts")],
        ),
        (
            {"Records": [message({"payload": PAYLOAD, "messageId": "m-1"}, "shop-send_sms-dead-letters")]},
            [IncomingPayload(PAYLOAD, "send_sms", "m-1")],
        ),
        (
            {"Records": [message(envelope({"payload": PAYLOAD}, "send_sms", "shop"), "shop-eventbridge")]},
            [IncomingPayload(PAYLOAD, "send_sms", "e-1")],
        ),
        ({"event": EVENT}, [event(tried={})]),
        ({"subscription": "Texts", "event": EVENT}, [event(subscription="Texts")]),
        (
            {"event": EVENT, "mapping": {"to": "1"}},
            [event(action="enrol_contact", tried={"mapping": {"to": "1"}})],
        ),
        ({"payload": PAYLOAD}, [IncomingPayload(PAYLOAD, "enrol_contact")]),
    ],
)
def test_what_an_envelope_holds(content: Any, given: list[Incoming]) -> None:
    assert read_input(json.dumps(content), "enrolContact", EventBus(allows_payloads=True)) == given


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ("[" * 101 + "]" * 101, "it is nested deeper than 100, which the functions refuse"),
        ("[]", "there is no event in it"),
        ("7", "it must be one JSON object: a Segment event, {event, mapping, subscribe} or {payload}"),
        ('{"type": "track"}', "not a Segment event: messageId is required"),
        (json.dumps(request("no")), "its body is not JSON"),
        (json.dumps(request("e", isBase64Encoded=True)), "its body is not base64"),
        ('{"Records": [{}]}', "a record of its queue has no body"),
        (json.dumps({"Records": [{"body": "no"}]}), "the body of a message is not JSON"),
    ],
)
def test_what_cannot_be_read(text: str, reason: str) -> None:
    with pytest.raises(InputError) as raised:
        read_input(text)
    assert str(raised.value) == reason


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_input(json.dumps({"payload": PAYLOAD}), "send_fax"),
        lambda: read_input(json.dumps(request("{}", path="/actions/send-fax"))),
    ],
)
def test_an_unknown_action_names_those_there_are(read: Callable[[], object]) -> None:
    with pytest.raises(InputError, match=r"no action 'send_fax'; the actions are add_contact_to_list, "):
        read()


def test_a_bare_payload_needs_its_action() -> None:
    with pytest.raises(InputError, match="name it with --action"):
        read_input(json.dumps({"payload": PAYLOAD}))

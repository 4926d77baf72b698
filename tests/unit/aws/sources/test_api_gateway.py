import base64
import json
from typing import Any

import pytest

from aws.api_gateway import EnvelopeError
from aws.secret import SecretReader
from aws.settings import Settings
from aws.sources import ApiGatewaySource
from delivery.incoming import IncomingError, IncomingEvent
from delivery.outcome import Outcome, Refusal
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.segment import http_event, rest_event, signature, track, written

SETTINGS = Settings.from_environment(ENVIRONMENT)


class Clock:
    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(aws: Aws, clock: Clock) -> ApiGatewaySource:
    aws.put_secret(SECRET)
    return ApiGatewaySource("/actions/send-sms", SecretReader(SETTINGS, clock))


def refused(source: ApiGatewaySource, event: dict[str, Any]) -> tuple[int, str]:
    with pytest.raises(IncomingError) as caught:
        source.read(event)
    return caught.value.status, str(caught.value)


@pytest.mark.parametrize("envelope", [rest_event, http_event])
def test_takes_a_signed_event(source: ApiGatewaySource, envelope: Any) -> None:
    event = envelope(track(phone="+447700900123"))
    assert source.takes(event)
    work = source.read(event)
    assert isinstance(work, IncomingEvent)
    assert (work.raw, work.tried, work.message_id) == (track(phone="+447700900123"), None, "ajs-next-0001")


@pytest.mark.parametrize("content", [{"payload": {"to": "+447700900123"}}, {"event": track()}, {"event": "Send SMS"}])
def test_takes_nothing_but_a_segment_event(source: ApiGatewaySource, content: dict[str, Any]) -> None:
    expected = (400, "not a Segment event: type is required; messageId is required")
    assert refused(source, rest_event(content)) == expected


def test_decodes_base64_before_it_verifies(source: ApiGatewaySource) -> None:
    body = written(track(message="Grüße 👋"))
    event = rest_event(body, body=base64.b64encode(body).decode(), isBase64Encoded=True)
    work = source.read(event)
    assert isinstance(work, IncomingEvent)
    assert work.raw["properties"] == {"message": "Grüße 👋"}


def test_what_is_not_base64_is_400(source: ApiGatewaySource) -> None:
    assert refused(source, rest_event(track(), isBase64Encoded=True)) == (400, "the body is not base64")


def test_header_names_have_no_case(source: ApiGatewaySource) -> None:
    body = written(track())
    assert source.read(rest_event(body, headers={"x-SIGNATURE": signature(body)}))


@pytest.mark.parametrize(
    "headers",
    [
        None,
        {},
        {"X-Signature": ""},
        {"X-Signature": "0" * 40},
        {"X-Signature": signature(written(track())).upper()},
        {"X-Signature": signature(written(track()), "another-secret")},
        {"X-Signature": "sïgnature"},
    ],
)
def test_a_signature_that_is_missing_or_wrong_is_401(source: ApiGatewaySource, headers: dict[str, str] | None) -> None:
    assert refused(source, rest_event(track(), headers=headers)) == (401, "the signature is missing or wrong")


def test_a_changed_body_is_401(source: ApiGatewaySource) -> None:
    event = rest_event(track(phone="+447700900123"))
    assert refused(source, event | {"body": event["body"].replace("123", "124")})[0] == 401


def test_a_bad_body_with_a_bad_signature_is_401(source: ApiGatewaySource) -> None:
    assert refused(source, rest_event(b"{", headers={}))[0] == 401


def test_the_previous_shared_secret_is_good_while_it_is_named(aws: Aws, source: ApiGatewaySource) -> None:
    aws.put_secret(SECRET | {"sharedSecret": "new", "sharedSecretPrevious": "local-shared-secret"})
    assert source.read(rest_event(track()))


def test_a_shared_secret_that_was_changed_meanwhile_is_read_again(
    aws: Aws, source: ApiGatewaySource, clock: Clock
) -> None:
    source.read(rest_event(track()))
    aws.put_secret(SECRET | {"sharedSecret": "new"})
    body = written(track())
    newly_signed = rest_event(body, headers={"X-Signature": signature(body, "new")})
    clock.seconds += 5
    assert refused(source, newly_signed)[0] == 401
    clock.seconds += 10
    assert source.read(newly_signed)


def test_without_a_shared_secret_nothing_need_be_signed(aws: Aws, source: ApiGatewaySource) -> None:
    aws.put_secret(SECRET | {"sharedSecret": ""})
    assert source.read(rest_event(track(), headers={}))


def test_the_webhook_secret_must_come_too_where_it_is_set(aws: Aws, source: ApiGatewaySource) -> None:
    aws.put_secret(SECRET | {"webhookSecret": "covers-all"})
    signed = rest_event(track())
    assert refused(source, signed)[0] == 401
    assert refused(source, signed | {"headers": signed["headers"] | {"X-Webhook-Secret": "wrong"}})[0] == 401
    assert source.read(signed | {"headers": signed["headers"] | {"X-Webhook-Secret": "covers-all"}})


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "the body is not JSON, or is nested too deep"),
        (b"[]", 400, "send one event a request here, and batches to /segment"),
        (b'"track"', 400, "not a Segment event: it is not an object"),
        (b'{"type":"track"}', 400, "not a Segment event: messageId is required"),
        (b'{"messageId":"1"}', 400, "not a Segment event: type is required"),
        (b'{"messageId":"","type":"track"}', 400, "not a Segment event: messageId must be text"),
    ],
)
def test_a_signed_body_that_is_no_event_is_400(
    source: ApiGatewaySource, body: bytes, status: int, message: str
) -> None:
    assert refused(source, rest_event(body)) == (status, message)


@pytest.mark.parametrize("path", ["/actions/send-email-campaign", "/", "/actions/send-sms/more"])
def test_another_route_is_404(source: ApiGatewaySource, path: str) -> None:
    assert refused(source, rest_event(track(), path=path)) == (404, "this function answers /actions/send-sms only")


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
def test_answers_with_the_status_that_segment_acts_on(
    source: ApiGatewaySource, given: Outcome, status: int, headers: dict[str, str]
) -> None:
    assert source.respond([given]) == {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", **headers},
        "body": json.dumps(given.as_json()),
    }


def test_answers_several_outcomes_with_the_gravest_first(source: ApiGatewaySource) -> None:
    answer = source.respond([outcome("rejected", reason="no"), outcome()])
    assert answer["statusCode"] == 400
    assert json.loads(answer["body"]) == {
        "outcome": "rejected",
        "action": "send_sms",
        "subscription": "Send SMS",
        "reason": "no",
        "outcomes": [
            {"outcome": "rejected", "action": "send_sms", "subscription": "Send SMS", "reason": "no"},
            {"outcome": "delivered", "action": "send_sms", "subscription": "Send SMS"},
        ],
    }


def test_refuses_with_a_message_and_the_fields(source: ApiGatewaySource) -> None:
    error = EnvelopeError("not a Segment event", fields={"messageId": "is required"})
    assert source.refuse(error, outcome("rejected")) == {
        "statusCode": 400,
        "headers": {"Content-Type": "application/json"},
        "body": '{"message": "not a Segment event", "fields": {"messageId": "is required"}}',
    }

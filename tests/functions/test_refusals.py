"""What a function answers to what it cannot read, through its source, with nothing called."""

from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.functions import Context, load_handler, outcome_of
from tests.support.segment import own_event, rest_event, signature, track, written

pytestmark = pytest.mark.usefixtures("environment")

EVENT = track("Send SMS", phone="+447700900123", message="Hello")


@pytest.mark.parametrize(
    ("event", "status", "content"),
    [
        (rest_event(EVENT, headers={}), 401, {"message": "the signature is missing or wrong"}),
        (
            rest_event([EVENT], headers={"X-Signature": signature(written(EVENT))}),
            400,
            {"message": "send one event a request here, and batches to /segment"},
        ),
        (
            rest_event({"type": "track"}),
            400,
            {"message": "not a Segment event: messageId is required", "fields": {"messageId": "is required"}},
        ),
        (
            rest_event(EVENT, "/actions/send-pigeon"),
            404,
            {"message": "this function answers /actions/send-sms only"},
        ),
        (rest_event(b'"' + b"a" * 6 * 1024 * 1024 + b'"'), 413, {"message": "the body is over 6 MB"}),
    ],
)
def test_a_request_that_cannot_be_read(
    sandbox: Sandbox, event: dict[str, Any], status: int, content: dict[str, Any]
) -> None:
    answer = load_handler("send_sms")(event, Context())
    assert (answer["statusCode"], outcome_of(answer)) == (status, content)
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (own_event({"event": EVENT}, "send_email_campaign"), "the detail-type must be send_sms"),
        ({"nothing": "known"}, "not a Segment event: type is required; messageId is required"),
        ({"event": EVENT, "subscribe": "event ="}, "the mapping or the trigger cannot be tried"),
    ],
)
def test_an_event_that_cannot_be_read(sandbox: Sandbox, event: dict[str, Any], reason: str) -> None:
    answer = load_handler("send_sms")(event, Context())
    assert (answer["outcome"], answer["subscription"], answer["reason"]) == ("rejected", "", reason)
    assert sandbox.requests == ()


def test_whoever_tries_a_trigger_is_told_what_is_wrong_with_it() -> None:
    answer = load_handler("send_sms")({"event": EVENT, "subscribe": "event ="}, Context())
    problem = "subscribe: column 8: expected a value (a text in quotes, a number, true, false or null), found the end"
    assert answer["fields"] == {"subscription": f"{problem} of the trigger"}


def test_a_context_is_not_needed(sandbox: Sandbox) -> None:
    assert load_handler("send_sms")(EVENT, None)["outcome"] == "delivered"
    assert len(sandbox.journal) == 1

from typing import Any

import pytest

from actions.delivery.outcome import Outcome
from lambda_runtime.doors.eventbridge import EventBridgeDoor, RetryEventError
from lambda_runtime.doors.work import EnvelopeError, EventWork, PayloadWork
from tests.support.segment import own_event, partner_event, rest_event, track

DOOR = EventBridgeDoor("send_sms")


def test_takes_envelopes_and_nothing_else() -> None:
    assert DOOR.takes(partner_event(track()))
    assert not DOOR.takes(track())
    assert not DOOR.takes(rest_event(track()))


@pytest.mark.parametrize(
    "event",
    [partner_event(track()), own_event({"event": track()}), own_event(track()), own_event(track(), "sendSms")],
)
def test_unwraps_an_event(event: dict[str, Any]) -> None:
    work = DOOR.unwrap(event)
    assert isinstance(work, EventWork)
    assert work.raw == track()


def test_unwraps_a_payload_under_the_envelopes_id() -> None:
    assert DOOR.unwrap(own_event({"payload": {"to": "447700900123"}})) == PayloadWork(
        {"to": "447700900123"}, "9808a325-b19a-5191-8229-9edfac62f4bc"
    )


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (own_event({"event": track()}, "send_carrier_pigeon"), "the detail-type must be send_sms"),
        (own_event("text"), "must be one JSON object: a Segment event, or {payload} with the fields of the action"),
        (own_event({"event": {"type": "track"}}), "not a Segment event: messageId is required"),
    ],
)
def test_says_what_it_cannot_unwrap(event: dict[str, Any], message: str) -> None:
    with pytest.raises(EnvelopeError) as caught:
        DOOR.unwrap(event)
    assert str(caught.value) == message


def test_answers_with_the_outcome() -> None:
    outcome = Outcome("delivered", "send_sms", "Send SMS")
    assert DOOR.answer([outcome]) == outcome.as_json()


def test_raises_for_a_retry_so_that_lambda_calls_again() -> None:
    with pytest.raises(RetryEventError, match="send_sms"):
        DOOR.answer([Outcome("retry", "send_sms", "Send SMS")])


def test_does_not_raise_for_what_is_in_doubt() -> None:
    assert DOOR.answer([Outcome("in_doubt", "send_sms", "Send SMS")])["outcome"] == "in_doubt"


def test_a_refusal_is_an_outcome() -> None:
    refused = Outcome("rejected", "send_sms", "", "no")
    assert DOOR.refuse(EnvelopeError("no"), refused) == refused.as_json()

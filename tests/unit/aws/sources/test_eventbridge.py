from typing import Any

import pytest

from aws.sources import EventBridgeSource, RetryEventError
from delivery.incoming import EventBus, IncomingError, IncomingEvent
from delivery.outcome import Outcome
from tests.support.segment import own_event, partner_event, rest_event, track

SOURCE = EventBridgeSource("send_sms", EventBus())


def test_takes_envelopes_and_nothing_else() -> None:
    assert SOURCE.takes(partner_event(track()))
    assert not SOURCE.takes(track())
    assert not SOURCE.takes(rest_event(track()))


@pytest.mark.parametrize(
    "event",
    [partner_event(track()), own_event({"event": track()}), own_event(track()), own_event(track(), "sendSms")],
)
def test_unwraps_an_event(event: dict[str, Any]) -> None:
    work = SOURCE.read(event)
    assert isinstance(work, IncomingEvent)
    assert work.raw == track()


def test_refuses_an_event_for_another_action() -> None:
    with pytest.raises(IncomingError, match=r"^the detail-type must be send_sms$"):
        SOURCE.read(own_event({"event": track()}, "send_transactional_sms"))


def test_answers_with_the_outcome() -> None:
    outcome = Outcome("delivered", "send_sms", "Send SMS")
    assert SOURCE.respond([outcome]) == outcome.as_json()


def test_raises_for_a_retry_so_that_lambda_calls_again() -> None:
    with pytest.raises(RetryEventError, match="send_sms"):
        SOURCE.respond([Outcome("retry", "send_sms", "Send SMS")])


def test_does_not_raise_for_what_is_in_doubt() -> None:
    assert SOURCE.respond([Outcome("in_doubt", "send_sms", "Send SMS")])["outcome"] == "in_doubt"


def test_a_refusal_is_an_outcome() -> None:
    refused = Outcome("rejected", "send_sms", "", "no")
    assert SOURCE.refuse(IncomingError("no"), refused) == refused.as_json()

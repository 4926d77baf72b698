from typing import Any

import pytest

from actions import load_action
from actions.delivery.outcome import Outcome
from lambda_runtime.doors.direct import DirectDoor
from lambda_runtime.doors.work import EnvelopeError, EventWork, PayloadWork
from tests.support.segment import track

DOOR = DirectDoor(load_action("send_sms"))


def tried(**differences: Any) -> EventWork:
    work = DOOR.unwrap({"event": track(phone="+447700900123", text="Hello")} | differences)
    assert isinstance(work, EventWork)
    return work


def test_takes_a_bare_event_for_the_configured_subscriptions() -> None:
    work = DOOR.unwrap(track())
    assert isinstance(work, EventWork)
    assert (work.raw, work.tried) == (track(), None)


def test_takes_a_payload() -> None:
    assert DOOR.unwrap({"payload": {"to": "447700900123"}}) == PayloadWork({"to": "447700900123"}, "")


def test_tries_an_event_with_a_mapping() -> None:
    work = tried(mapping={"message": {"@path": "$.properties.text"}})
    assert work.tried is not None
    assert work.tried.resolve(work.raw) == {"message": "Hello"}


def test_tries_an_event_with_the_default_mapping_where_none_is_given() -> None:
    work = tried()
    assert work.tried is not None
    assert work.tried.resolve(work.raw) == {"to": "+447700900123"}


def test_tries_any_event_where_no_trigger_is_given() -> None:
    work = tried(event=track("Something else"))
    assert work.tried is not None
    assert work.tried.matches(work.raw)


def test_tries_an_event_with_a_trigger() -> None:
    work = tried(subscribe='event = "Something else"')
    assert work.tried is not None
    assert not work.tried.matches(work.raw)


def test_says_every_problem_of_what_is_tried() -> None:
    with pytest.raises(EnvelopeError) as caught:
        tried(mapping={"to": {"@nope": "$.x"}}, subscribe="event =")
    message = str(caught.value)
    assert "subscribe: " in message
    assert "mapping/to" in message


@pytest.mark.parametrize("difference", [{"mapping": "text"}, {"mapping": None}, {"subscribe": 7}])
def test_refuses_a_mapping_or_trigger_of_the_wrong_type(difference: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError, match="Input should be"):
        tried(**difference)


def test_answers_with_the_outcome() -> None:
    outcome = Outcome("retry", "send_sms", "Send SMS")
    assert DOOR.answer([outcome]) == outcome.as_json()


def test_a_refusal_is_an_outcome() -> None:
    refused = Outcome("rejected", "send_sms", "", "no")
    assert DOOR.refuse(EnvelopeError("no"), refused) == refused.as_json()

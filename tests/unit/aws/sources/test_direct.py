from typing import Any

import pytest

from aws.handler import tried_subscription
from aws.sources import DirectSource
from cli.actions import load_action
from delivery.incoming import EventBus, IncomingError, IncomingEvent, IncomingPayload
from delivery.outcome import Outcome
from delivery.subscription import Subscription
from tests.support.segment import track

SOURCE = DirectSource(EventBus())
EVENT = track(phone="+447700900123", text="Hello")


def tried(**differences: Any) -> Subscription:
    incoming = SOURCE.read({"event": EVENT} | differences)
    assert isinstance(incoming, IncomingEvent)
    assert incoming.tried is not None
    return tried_subscription(load_action("send_sms"), incoming.tried)


def test_takes_a_bare_event_for_the_configured_subscriptions() -> None:
    work = SOURCE.read(track())
    assert isinstance(work, IncomingEvent)
    assert (work.raw, work.tried) == (track(), None)


def test_takes_a_payload() -> None:
    assert SOURCE.read({"payload": {"to": "+447700900123"}}) == IncomingPayload({"to": "+447700900123"})


def test_tries_an_event_with_a_mapping() -> None:
    assert tried(mapping={"message": {"@path": "$.properties.text"}}).resolve(EVENT) == {"message": "Hello"}


def test_tries_an_event_with_the_default_mapping_where_none_is_given() -> None:
    assert tried().resolve(EVENT) == {"to": "+447700900123"}


def test_tries_any_event_where_no_trigger_is_given() -> None:
    assert tried().matches(track("Something else"))


def test_tries_an_event_with_a_trigger() -> None:
    assert not tried(subscribe='event = "Something else"').matches(EVENT)


def test_says_every_problem_of_what_is_tried() -> None:
    with pytest.raises(IncomingError) as caught:
        tried(mapping={"to": {"@nope": "$.x"}}, subscribe="event =")
    assert str(caught.value) == "the mapping or the trigger cannot be tried"
    problems = (caught.value.fields or {})["subscription"]
    assert "subscribe: " in problems
    assert "mapping/to" in problems


@pytest.mark.parametrize("difference", [{"mapping": "text"}, {"mapping": None}, {"subscribe": 7}])
def test_refuses_a_mapping_or_trigger_of_the_wrong_type(difference: dict[str, Any]) -> None:
    with pytest.raises(IncomingError) as caught:
        tried(**difference)
    assert "Input should be" in (caught.value.fields or {})["subscription"]


def test_answers_with_the_outcome() -> None:
    outcome = Outcome("retry", "send_sms", "Send SMS")
    assert SOURCE.respond([outcome]) == outcome.as_json()


def test_a_refusal_is_an_outcome() -> None:
    refused = Outcome("rejected", "send_sms", "", "no")
    assert SOURCE.refuse(IncomingError("no"), refused) == refused.as_json()

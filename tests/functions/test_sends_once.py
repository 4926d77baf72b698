"""A send is made once, whichever ways its event comes and whatever breaks; what is not a send needs no record."""

import hashlib
import json
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from aws.record import SendsTable
from aws.settings import Settings
from delivery.claim import Send
from delivery.outcome import Outcome
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.functions import Context, invoke, load_handler, outcome_of
from tests.support.lossy_proxy import Losing
from tests.support.queued import body, dead_letters, deliver
from tests.support.segment import own_event, rest_event
from tests.support.waiting import wait_until

COPY = "a copy of an event that was done before: this is what the first came to"
SENDS = ("enrol_contact", "send_sms", "send_transactional_sms", "send_email_campaign", "send_transactional_email")
PAYLOAD = {"payload": {"to": "+447700900123", "message": "Mapped"}}
EACH_SEND = pytest.mark.parametrize("action", SENDS)


def sent(sandbox: Sandbox) -> int:
    return sum(effect.effect in ("enrolled", "sms_sent", "campaign_sent", "email_sent") for effect in sandbox.journal)


def request(action: str = "send_sms") -> dict[str, Any]:
    return rest_event(body(action)["event"], f"/actions/{action.replace('_', '-')}")


def outcome(action: str = "send_sms", event: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return outcome_of(invoke(action, event or request(action)))


def kinds(times: int, *events: Mapping[str, Any]) -> list[str]:
    """The kinds of outcome of events of send_sms, each brought so many times."""
    return [outcome("send_sms", event)["outcome"] for event in events or (request(),) for _ in range(times)]


@EACH_SEND
def test_a_second_copy_responds_with_what_the_first_came_to(sandbox: Sandbox, action: str) -> None:
    first = outcome(action)
    assert outcome(action) == {**first, "reason": COPY}
    assert (first["outcome"], sent(sandbox)) == ("delivered", 1)


def test_what_came_by_the_direct_route_is_not_sent_again_by_the_queue(aws: Aws, sandbox: Sandbox) -> None:
    outcome()
    assert deliver(aws, "send_sms", body()) == []
    assert (sent(sandbox), dead_letters(aws, "send_sms")) == (1, [])


@EACH_SEND
def test_of_two_copies_at_once_one_is_made_and_the_other_has_its_outcome_or_comes_again(
    sandbox: Sandbox, action: str
) -> None:
    sandbox.fail("delay", seconds=0.5, times=None)
    handler = load_handler(action)
    with ThreadPoolExecutor(2) as pool:
        outcomes = [outcome_of(one) for one in pool.map(lambda _: handler(request(action), Context()), range(2))]
    first, second = sorted(outcomes, key=lambda one: "reason" in one)
    assert first["outcome"] == "delivered"
    assert (second["outcome"], second["reason"]) in (
        ("retry", "another function is making this send"),
        ("delivered", COPY),
    )
    assert sent(sandbox) == 1


@pytest.mark.parametrize("action", ["send_sms", "enrol_contact"])
def test_two_copies_in_one_batch_are_one_send(aws: Aws, sandbox: Sandbox, action: str) -> None:
    deliver(aws, action, body(action), body(action))
    assert sent(sandbox) == 1


def test_another_event_or_subscription_is_another_send(sandbox: Sandbox) -> None:
    mapping = {"to": {"@path": "$.properties.phone"}, "message": "Tried"}
    tried = [{"event": body(message_id=message_id)["event"], "mapping": mapping} for message_id in ("m-1", "m-2")]
    assert kinds(1, request(), *tried) == ["delivered"] * 3
    assert sent(sandbox) == 3


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ({"status": 503, "body": {"message": "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"}}, "retry"),
        ({"status": 400, "body": {"message": "ERROR_CONTACT_SUPPRESSED"}}, "rejected"),
    ],
)
def test_what_was_not_sent_can_be_sent_by_the_next_copy(sandbox: Sandbox, failure: Any, kind: str) -> None:
    sandbox.fail("status", **failure)
    assert (kinds(2), sent(sandbox)) == ([kind, "delivered"], 1)


@EACH_SEND
def test_a_send_in_doubt_stays_in_doubt(sandbox: Sandbox, action: str) -> None:
    sandbox.fail("drop_after", method="POST")
    first = outcome(action)
    assert outcome(action) == {**first, "reason": COPY}
    assert (first["outcome"], sent(sandbox)) == ("in_doubt", 1)


@EACH_SEND
def test_without_the_record_nothing_is_sent(aws: Aws, sandbox: Sandbox, action: str) -> None:
    aws.drop_sends_table()
    told = outcome(action)
    assert (told["outcome"], told["reason"]) == ("retry", "the record of sends cannot be reached")
    assert sandbox.requests == ()


def test_an_upsert_needs_no_record(aws: Aws, sandbox: Sandbox) -> None:
    aws.drop_sends_table()
    for action in ("add_contact_to_list", "add_contact_to_list", "remove_contact_from_list"):
        assert outcome(action)["outcome"] == "delivered"


def test_a_send_whose_outcome_could_not_be_recorded_is_not_made_again(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("delay", seconds=3)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(outcome)
        wait_until(lambda: sandbox.requests)
        claims = aws.sends()
        aws.drop_sends_table()
        assert sending.result(60)["outcome"] == "delivered"
    aws.make_sends_table(*claims)
    assert outcome()["outcome"] == "retry"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=901)):
        assert outcome()["outcome"] == "in_doubt"
    assert sent(sandbox) == 1


@pytest.mark.parametrize(
    ("event", "times"),
    [(PAYLOAD | {"messageId": "p-1"}, 1), (PAYLOAD, 2), (own_event({"event": body()["event"]}), 1)],
    ids=["a payload with an id", "a payload without", "an event of EventBridge"],
)
def test_what_comes_twice_is_sent_once_where_it_has_an_id(sandbox: Sandbox, event: Any, times: int) -> None:
    assert (kinds(2, event), sent(sandbox)) == (["delivered"] * 2, times)


def test_a_person_lets_a_send_in_doubt_be_made_again_once(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_before")
    again = body() | {"attempt": "letter-1"}
    assert deliver(aws, "send_sms", body(), again, again) == []
    assert sent(sandbox) == 1
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]


def test_the_record_holds_no_address_and_no_text_and_is_forgotten_after_a_week(aws: Aws) -> None:
    outcome()
    [record] = aws.sends()
    held = json.dumps(record)
    assert not [word for word in ("447700900123", "Hello", "user-1", SECRET["password"]) if word in held]
    week = datetime.now(UTC).timestamp() + 7 * 86_400
    assert week - 60 < int(record["expiration"]["N"]) <= week


def test_the_record_is_found_by_the_events_id_however_long(aws: Aws, sandbox: Sandbox) -> None:
    long = body(message_id="m" * 3_000)
    assert deliver(aws, "send_sms", body(), long, long | {"attempt": "a"}) == []
    keys = sorted((record["messageId"]["S"], record["subscription"]["S"]) for record in aws.sends())
    shortened = f"sha256:{hashlib.sha256(b'm' * 3_000).hexdigest()}"
    own = "Send SMS#send_sms"
    assert (keys, sent(sandbox)) == ([("m-1", own), (shortened, own), (shortened, f"{own}#a")], 3)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_claim_whose_response_was_lost_is_known_for_its_own(sandbox: Sandbox, losing: Losing, lost: int) -> None:
    with losing("DYNAMODB", "PutItem", lost) as proxy:
        assert outcome()["outcome"] == "delivered"
    assert (proxy.lost, sent(sandbox)) == (lost, 1)


def test_giving_a_claim_up_twice_does_not_give_up_that_of_whoever_claimed_it_between(losing: Losing) -> None:
    settings = Settings.from_environment(ENVIRONMENT)
    send = Send("Send SMS", "send_sms", "m-1")
    first, second, third = (SendsTable(settings, time.time) for _ in range(3))
    claimed: list[Outcome | None] = []
    second.load()
    third.load()
    with losing("DYNAMODB", "DeleteItem", 1, lambda: claimed.append(second.claim(send))) as proxy:
        assert first.claim(send) is None
        first.complete(send, Outcome("rejected", "send_sms", "Send SMS", "no"))
    assert (proxy.lost, claimed) == (1, [None])
    assert third.claim(send) == Outcome("retry", "send_sms", "Send SMS", "another function is making this send")

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
from tests.support.functions import Context, load_handler, outcome_of
from tests.support.lossy_proxy import LossyProxy
from tests.support.queued import body, dead_letters, invoke
from tests.support.segment import own_event, rest_event
from tests.support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("environment")

COPY = "a copy of an event that was done before: this is what the first came to"
SENDS = ("enrol_contact", "send_sms", "send_transactional_sms", "send_email_campaign", "send_transactional_email")
SENT = ("enrolled", "sms_sent", "campaign_sent", "email_sent")


def sent(sandbox: Sandbox) -> int:
    return sum(effect.effect in SENT for effect in sandbox.journal)


def request(action: str = "send_sms", **properties: Any) -> dict[str, Any]:
    return rest_event(body(action, **properties)["event"], f"/actions/{action.replace('_', '-')}")


def answer(action: str = "send_sms", event: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return outcome_of(load_handler(action)(dict(event or request(action)), Context()))


@pytest.mark.parametrize("action", SENDS)
def test_a_second_copy_answers_with_what_the_first_came_to(sandbox: Sandbox, action: str) -> None:
    first = answer(action)
    assert answer(action) == {**first, "reason": COPY}
    assert (first["outcome"], sent(sandbox)) == ("delivered", 1)


def test_what_came_by_the_direct_route_is_not_sent_again_by_the_queue(aws: Aws, sandbox: Sandbox) -> None:
    answer()
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert invoke(aws, "send_sms") == []
    assert (sent(sandbox), dead_letters(aws, "send_sms")) == (1, [])


@pytest.mark.parametrize("action", SENDS)
def test_of_two_copies_at_the_same_moment_one_is_made_and_the_other_answers_or_comes_again(
    sandbox: Sandbox, action: str
) -> None:
    sandbox.fail("delay", seconds=0.5, times=None)
    handler = load_handler(action)
    with ThreadPoolExecutor(2) as pool:
        answers = [outcome_of(one) for one in pool.map(lambda _: handler(request(action), Context()), range(2))]
    answers.sort(key=lambda one: "reason" in one)
    assert answers[0]["outcome"] == "delivered"
    assert (answers[1]["outcome"], answers[1]["reason"]) in (
        ("retry", "another function is making this send"),
        ("delivered", COPY),
    )
    assert sent(sandbox) == 1


def test_two_copies_in_one_batch_are_one_send(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms", "enrol_contact")
    for action in ("send_sms", "enrol_contact"):
        aws.put(action, body(action), body(action))
        invoke(aws, action)
    assert sent(sandbox) == 2


@pytest.mark.parametrize(
    "difference",
    [{"message_id": "m-2"}, {"subscription": "Other"}],
    ids=["another event", "another subscription"],
)
def test_another_event_or_subscription_is_another_send(sandbox: Sandbox, difference: dict[str, str]) -> None:
    mapping = {"to": {"@path": "$.properties.phone"}, "message": "Tried"}
    tried = {"event": body()["event"], "mapping": mapping}
    answer("send_sms", tried if "message_id" in difference else None)
    tried["event"] = body(message_id=difference.get("message_id", "m-1"))["event"]
    assert answer("send_sms", tried)["outcome"] == "delivered"
    assert sent(sandbox) == 2


@pytest.mark.parametrize(
    "failure", [{"status": 503, "body": {"message": "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"}}]
)
def test_what_was_not_sent_can_be_sent_by_the_next_copy(sandbox: Sandbox, failure: dict[str, Any]) -> None:
    sandbox.fail("status", **failure)
    assert answer()["outcome"] == "retry"
    assert answer()["outcome"] == "delivered"
    assert sent(sandbox) == 1


def test_what_dotdigital_rejected_can_be_sent_once_its_cause_is_mended(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=400, body={"message": "ERROR_CONTACT_SUPPRESSED"})
    assert answer()["outcome"] == "rejected"
    assert answer()["outcome"] == "delivered"


@pytest.mark.parametrize("action", SENDS)
def test_a_send_in_doubt_stays_in_doubt(sandbox: Sandbox, action: str) -> None:
    sandbox.fail("drop_after", method="POST")
    first = answer(action)
    assert answer(action) == {**first, "reason": COPY}
    assert (first["outcome"], sent(sandbox)) == ("in_doubt", 1)


@pytest.mark.parametrize("action", SENDS)
def test_without_the_record_nothing_is_sent(aws: Aws, sandbox: Sandbox, action: str) -> None:
    aws.drop_sends_table()
    answered = answer(action)
    assert (answered["outcome"], answered["reason"]) == ("retry", "the record of sends cannot be reached")
    assert sandbox.requests == ()


def test_an_upsert_needs_no_record(aws: Aws, sandbox: Sandbox) -> None:
    aws.drop_sends_table()
    assert [answer("add_contact_to_list")["outcome"] for _ in range(2)] == ["delivered", "delivered"]
    assert answer("remove_contact_from_list")["outcome"] == "delivered"


def test_a_send_whose_outcome_could_not_be_recorded_is_not_made_again(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("delay", seconds=3)
    with ThreadPoolExecutor(1) as pool:
        answered = pool.submit(answer)
        wait_until(lambda: sandbox.requests)
        claims = aws.sends()
        aws.drop_sends_table()
        assert answered.result()["outcome"] == "delivered"
    aws.make_sends_table(*claims)
    assert answer()["outcome"] == "retry"
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=901)):
        assert answer()["outcome"] == "in_doubt"
    assert sent(sandbox) == 1


def test_a_payload_with_a_message_id_is_made_once_and_one_without_each_time(sandbox: Sandbox) -> None:
    payload = {"to": "+447700900123", "message": "Mapped"}
    assert [answer("send_sms", {"payload": payload, "messageId": "p-1"})["outcome"] for _ in range(2)] == [
        "delivered"
    ] * 2
    assert sent(sandbox) == 1
    assert [answer("send_sms", {"payload": payload})["outcome"] for _ in range(2)] == ["delivered"] * 2
    assert sent(sandbox) == 3


def test_an_event_of_eventbridge_that_comes_twice_is_sent_once(sandbox: Sandbox) -> None:
    envelope = own_event({"event": body()["event"]})
    assert [answer("send_sms", envelope)["outcome"] for _ in range(2)] == ["delivered"] * 2
    assert sent(sandbox) == 1


def test_a_person_lets_a_send_in_doubt_be_made_again_once(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_before")
    aws.make_queues("send_sms")
    aws.put("send_sms", body(), body() | {"attempt": "letter-1"}, body() | {"attempt": "letter-1"})
    assert invoke(aws, "send_sms") == []
    assert sent(sandbox) == 1
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]


def test_the_record_holds_no_address_and_no_text_and_is_forgotten_after_a_week(aws: Aws) -> None:
    answer()
    [record] = aws.sends()
    held = json.dumps(record)
    assert not [word for word in ("447700900123", "Hello", "user-1", SECRET["password"]) if word in held]
    week = datetime.now(UTC).timestamp() + 7 * 86_400
    assert week - 60 < int(record["expiration"]["N"]) <= week


def test_the_record_is_found_by_the_events_id_however_long(aws: Aws, sandbox: Sandbox) -> None:
    long = "m" * 3_000
    aws.make_queues("send_sms")
    aws.put("send_sms", body(message_id="m-1"), body(message_id=long), body(message_id=long) | {"attempt": "a"})
    assert (invoke(aws, "send_sms"), sent(sandbox)) == ([], 3)
    keys = {(record["messageId"]["S"], record["subscription"]["S"]) for record in aws.sends()}
    shortened = f"sha256:{hashlib.sha256(long.encode()).hexdigest()}"
    assert keys == {
        ("m-1", "Send SMS#send_sms"),
        (shortened, "Send SMS#send_sms"),
        (shortened, "Send SMS#send_sms#a"),
    }


@pytest.mark.parametrize("lost", [1, 2])
def test_a_claim_whose_answer_was_lost_is_known_for_its_own(
    moto_url: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    with LossyProxy(moto_url, "DynamoDB_20120810.PutItem", lost) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", proxy.url)
        assert answer()["outcome"] == "delivered"
    assert (proxy.lost, sent(sandbox)) == (lost, 1)


def test_giving_a_claim_up_twice_does_not_give_up_that_of_whoever_claimed_it_between(
    aws: Aws, moto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.from_environment(ENVIRONMENT)
    send = Send("Send SMS", "send_sms", "m-1")
    first, second, third = (SendsTable(settings, time.time) for _ in range(3))
    claimed: list[Outcome | None] = []
    lost = LossyProxy(moto_url, "DynamoDB_20120810.DeleteItem", 1, lambda: claimed.append(second.claim(send)))
    assert second.claim(Send("Send SMS", "send_sms", "m-0")) is None  # it has its client, of moto itself
    with lost as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", proxy.url)
        assert first.claim(send) is None
        first.complete(send, Outcome("rejected", "send_sms", "Send SMS", "no"))
    assert (proxy.lost, claimed) == (1, [None])
    monkeypatch.delenv("AWS_ENDPOINT_URL_DYNAMODB")
    assert third.claim(send) == Outcome("retry", "send_sms", "Send SMS", "another function is making this send")

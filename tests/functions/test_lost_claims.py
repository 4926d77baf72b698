"""DynamoDB in trouble: a claim that was written while its answers were lost keeps no send from being made, once."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine

from aws.handler import ActionFunction
from aws.record import SendsTable
from aws.settings import Settings
from cli.actions import load_action
from delivery.claim import Send
from delivery.outcome import Ids, Outcome
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import Context, load_handler, outcome_of
from tests.support.lossy_proxy import LossyProxy
from tests.support.queued import body, dead_letters
from tests.support.segment import rest_event
from tests.support.wire_server import WireServer, hang

pytestmark = pytest.mark.usefixtures("environment")

SETTINGS: Final = Settings.from_environment(ENVIRONMENT)
DYNAMODB: Final = "DynamoDB_20120810."
SEND: Final = Send("Send SMS", "send_sms", "m-1")
CANNOT_BE_REACHED: Final = Outcome("retry", "send_sms", "Send SMS", "the record of sends cannot be reached")
ANOTHER: Final = Outcome("retry", "send_sms", "Send SMS", "another function is making this send")
TOO_LATE: Final = Outcome("retry", "send_sms", "Send SMS", "too little time was left to send")
DELIVERED: Final = Outcome("delivered", "send_sms", "Send SMS", ids=Ids(sms_parts=1))


def sent(sandbox: Sandbox) -> list[str]:
    return [effect.effect for effect in sandbox.journal]


def received(aws: Aws) -> dict[str, Any]:
    """The one message of the queue, as its function gets it."""
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    [record] = aws.receive("send_sms")
    return record


def again(record: dict[str, Any]) -> dict[str, Any]:
    """The same message, received once more."""
    attributes = record["attributes"]
    receives = str(int(attributes["ApproximateReceiveCount"]) + 1)
    return {**record, "attributes": {**attributes, "ApproximateReceiveCount": receives}}


def work_on(record: dict[str, Any]) -> bool:
    """Bring a message to a function that was started anew; tell whether it is to come again."""
    return bool(load_handler("send_sms")({"Records": [record]}, Context())["batchItemFailures"])


InTrouble = Callable[[LossyProxy, Callable[[], Any]], Any]
"""Makes a call whose requests to DynamoDB go through a proxy."""


@pytest.fixture
def in_trouble(monkeypatch: pytest.MonkeyPatch) -> InTrouble:
    def call_through(proxy: LossyProxy, call: Callable[[], Any]) -> Any:
        with proxy, monkeypatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL_DYNAMODB", proxy.url)
            return call()

    return call_through


@pytest.mark.parametrize(
    "trouble", [("PutItem", False), ("PutItem", True), ("UpdateItem", False), ("", False), ("", True)]
)
def test_the_next_try_of_a_message_makes_the_send_whose_claim_was_written_while_its_answers_were_lost(
    aws: Aws, sandbox: Sandbox, moto_url: str, in_trouble: InTrouble, trouble: tuple[str, bool]
) -> None:
    record = received(aws)
    operation, then_away = trouble
    proxy = LossyProxy(moto_url, DYNAMODB + operation, 100, then_away=then_away)
    assert in_trouble(proxy, lambda: work_on(record))
    assert (proxy.lost > 0, sent(sandbox)) == (True, [])
    assert not work_on(again(record))
    assert (sent(sandbox), dead_letters(aws, "send_sms")) == (["sms_sent"], [])


def test_what_was_begun_without_an_answer_and_could_not_be_given_up_is_in_doubt_and_not_sent(
    aws: Aws, sandbox: Sandbox, moto_url: str, in_trouble: InTrouble
) -> None:
    record = received(aws)
    assert in_trouble(LossyProxy(moto_url, DYNAMODB + "UpdateItem", 1, then_away=True), lambda: work_on(record))
    assert work_on(again(record))
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=901)):
        assert not work_on(again(again(record)))
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]
    assert sent(sandbox) == []


def test_a_request_that_comes_again_makes_the_send_whose_claim_was_written_while_its_answers_were_lost(
    sandbox: Sandbox, moto_url: str, in_trouble: InTrouble
) -> None:
    request = rest_event(body()["event"])
    proxy = LossyProxy(moto_url, DYNAMODB, 100)
    first = in_trouble(proxy, lambda: load_handler("send_sms")(request, Context()))
    assert (first["statusCode"], outcome_of(first)) == (503, CANNOT_BE_REACHED.as_json())
    assert outcome_of(load_handler("send_sms")(request, Context()))["outcome"] == "delivered"
    assert sent(sandbox) == ["sms_sent"]


def test_a_message_that_two_containers_got_at_once_is_sent_once(aws: Aws, sandbox: Sandbox) -> None:
    record = received(aws)
    sandbox.fail("delay", seconds=0.5)
    handlers = [load_handler("send_sms") for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(lambda handler: handler({"Records": [record]}, Context())["batchItemFailures"], handlers))
    assert sent(sandbox) == ["sms_sent"]
    assert kept.count([]) >= 1


def test_whoever_finds_a_claim_that_nobody_went_on_from_makes_the_send_and_the_claimant_does_not(
    moto_url: str, in_trouble: InTrouble
) -> None:
    first, second = SendsTable(SETTINGS, time.time), SendsTable(SETTINGS, time.time)
    found: list[Outcome | None] = []
    second.load()
    proxy = LossyProxy(moto_url, DYNAMODB + "PutItem", 1, lambda: found.append(second.claim(SEND)))
    assert in_trouble(proxy, lambda: first.claim(SEND)) == ANOTHER
    assert found == [None]


def test_a_claim_whose_answers_come_late_is_given_up(aws: Aws, moto_url: str, in_trouble: InTrouble) -> None:
    clock = Clock()
    table = SendsTable(SETTINGS, time.time, clock, clock.sleep)
    table.finish_within(4.0, 5.0)
    proxy = LossyProxy(moto_url, DYNAMODB + "UpdateItem", 1, lambda: clock.sleep(2.95))
    assert in_trouble(proxy, lambda: table.claim(SEND)) == TOO_LATE
    assert aws.sends() == []


def test_a_claim_goes_no_further_where_it_took_too_long(aws: Aws, moto_url: str, in_trouble: InTrouble) -> None:
    clock = Clock()
    table = SendsTable(SETTINGS, time.time, clock, clock.sleep)
    table.finish_within(4.0, 5.0)
    proxy = LossyProxy(moto_url, DYNAMODB + "PutItem", 1, lambda: clock.sleep(2.95))
    assert in_trouble(proxy, lambda: table.claim(SEND)) == TOO_LATE
    [record] = aws.sends()
    assert record["status"] == {"S": "CLAIMED"}


def test_a_claim_is_tried_again_only_while_there_is_time_to_send(moto_url: str, in_trouble: InTrouble) -> None:
    clock = Clock()
    table = SendsTable(SETTINGS, time.time, clock, clock.sleep)
    table.finish_within(4.0, 5.0)
    proxy = LossyProxy(moto_url, DYNAMODB + "PutItem", 100, lambda: clock.sleep(1.6))
    assert in_trouble(proxy, lambda: table.claim(SEND)) == CANNOT_BE_REACHED
    assert proxy.lost == 2


@pytest.mark.parametrize(("remaining_seconds", "attempts"), [(30.0, 2), (4.0, 1)])
def test_claims_count_into_the_time_of_an_answer_and_of_the_function(
    sandbox: Sandbox, moto_url: str, in_trouble: InTrouble, remaining_seconds: float, attempts: int
) -> None:
    clock = Clock()
    function = ActionFunction(load_action("send_sms"), os.environ, sleep=clock.sleep, monotonic=clock)
    context: Any = Context(remaining_seconds)
    proxy = LossyProxy(moto_url, DYNAMODB + "PutItem", 100, lambda: clock.sleep(1.6))
    answered = in_trouble(proxy, lambda: function.respond(rest_event(body()["event"]), context))
    assert outcome_of(answered) == CANNOT_BE_REACHED.as_json()
    assert (proxy.lost, sent(sandbox)) == (attempts, [])


def test_no_outcome_is_written_once_the_time_of_the_function_is_over(aws: Aws) -> None:
    clock = Clock()
    table = SendsTable(SETTINGS, time.time, clock)
    table.finish_within(4.0, 5.0)
    assert table.claim(SEND) is None
    clock.sleep(5.1)
    table.complete(SEND, DELIVERED)
    [record] = aws.sends()
    assert record["status"] == {"S": "INPROGRESS"}


def test_a_table_that_never_answers_holds_a_function_up_for_seconds_alone(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    with WireServer(always=hang) as dynamodb:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url)
        answered = load_handler("send_sms")(rest_event(body()["event"]), Context())
        attempts = len(dynamodb.received)
    assert (answered["statusCode"], outcome_of(answered)) == (503, CANNOT_BE_REACHED.as_json())
    assert 1 <= attempts <= 3
    assert sent(sandbox) == []

"""DynamoDB in trouble: a claim that was written while its responses were lost keeps no send from being made, once."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

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
from tests.support.functions import Context, invoke, outcome_of
from tests.support.lossy_proxy import Losing
from tests.support.queued import body, dead_letters
from tests.support.segment import rest_event
from tests.support.wire_server import WireServer, hang

SETTINGS: Final = Settings.from_environment(ENVIRONMENT)
REQUEST: Final = rest_event(body()["event"])
SEND: Final = Send("Send SMS", "send_sms", "m-1")
CANNOT_BE_REACHED: Final = Outcome("retry", "send_sms", "Send SMS", "the record of sends cannot be reached")
ANOTHER: Final = Outcome("retry", "send_sms", "Send SMS", "another function is making this send")
TOO_LATE: Final = Outcome("retry", "send_sms", "Send SMS", "too little time was left to send")
DELIVERED: Final = Outcome("delivered", "send_sms", "Send SMS", ids=Ids(sms_parts=1))


def sent(sandbox: Sandbox) -> list[str]:
    return [effect.effect for effect in sandbox.journal]


def states(aws: Aws) -> list[str]:
    return [record["status"]["S"] for record in aws.sends()]


def received(aws: Aws) -> dict[str, Any]:
    """The one message of the queue, as its function gets it."""
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    [record] = aws.receive("send_sms")
    return record


def comes_again(record: dict[str, Any], receives: int) -> bool:
    """Bring a message to a function that was started anew, for the nth time; tell whether it is to come again."""
    attributes = {**record["attributes"], "ApproximateReceiveCount": str(receives)}
    return bool(invoke("send_sms", {"Records": [record | {"attributes": attributes}]})["batchItemFailures"])


@pytest.mark.parametrize(
    ("operation", "then_away"), [("PutItem", False), ("PutItem", True), ("UpdateItem", False), ("", False), ("", True)]
)
def test_the_next_try_of_a_message_makes_the_send_whose_claim_was_written_while_its_responses_were_lost(
    aws: Aws, sandbox: Sandbox, losing: Losing, operation: str, then_away: bool
) -> None:
    record = received(aws)
    with losing("DYNAMODB", operation, 100, then_away=then_away) as proxy:
        assert comes_again(record, 1)
    assert (proxy.lost > 0, sent(sandbox)) == (True, [])
    assert not comes_again(record, 2)
    assert (sent(sandbox), dead_letters(aws, "send_sms")) == (["sms_sent"], [])


def test_what_was_begun_without_a_response_and_could_not_be_given_up_is_in_doubt_and_not_sent(
    aws: Aws, sandbox: Sandbox, losing: Losing
) -> None:
    record = received(aws)
    with losing("DYNAMODB", "UpdateItem", 1, then_away=True):
        assert comes_again(record, 1)
    assert comes_again(record, 2)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=901)):
        assert not comes_again(record, 3)
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]
    assert sent(sandbox) == []


def test_a_request_that_comes_again_makes_the_send_whose_claim_was_written_while_its_responses_were_lost(
    sandbox: Sandbox, losing: Losing
) -> None:
    with losing("DYNAMODB", "", 100):
        first = invoke("send_sms", REQUEST)
    assert (first["statusCode"], outcome_of(first)) == (503, CANNOT_BE_REACHED.as_json())
    assert outcome_of(invoke("send_sms", REQUEST))["outcome"] == "delivered"
    assert sent(sandbox) == ["sms_sent"]


def test_whoever_finds_a_claim_that_nobody_went_on_from_makes_the_send_and_the_claimant_does_not(
    losing: Losing,
) -> None:
    first, second = SendsTable(SETTINGS, time.time), SendsTable(SETTINGS, time.time)
    found: list[Outcome | None] = []
    second.load()
    with losing("DYNAMODB", "PutItem", 1, lambda: found.append(second.claim(SEND))):
        assert first.claim(SEND) == ANOTHER
    assert found == [None]


class Late(NamedTuple):
    """Requests to DynamoDB whose responses are lost after so many seconds, and what comes of the claim."""

    operation: str
    most_lost: int
    seconds: float
    outcome: Outcome
    lost: int
    left: list[str]


@pytest.mark.parametrize(
    "late",
    [
        Late("UpdateItem", 1, 2.95, TOO_LATE, 1, []),
        Late("PutItem", 1, 2.95, TOO_LATE, 1, ["CLAIMED"]),
        Late("PutItem", 100, 1.6, CANNOT_BE_REACHED, 2, ["CLAIMED"]),
    ],
    ids=["what was begun is given up", "what was claimed is not begun", "it is tried while there is time to send"],
)
def test_a_claim_ends_where_no_time_is_left_to_send(aws: Aws, losing: Losing, late: Late) -> None:
    clock = Clock()
    table = SendsTable(SETTINGS, time.time, clock, clock.sleep)
    table.finish_within(4.0, 5.0)
    with losing("DYNAMODB", late.operation, late.most_lost, lambda: clock.sleep(late.seconds)) as proxy:
        assert table.claim(SEND) == late.outcome
    assert (proxy.lost, states(aws)) == (late.lost, late.left)


@pytest.mark.parametrize(("remaining_seconds", "attempts"), [(30.0, 2), (4.0, 1)])
def test_claims_count_into_the_time_of_a_response_and_of_the_function(
    sandbox: Sandbox, losing: Losing, remaining_seconds: float, attempts: int
) -> None:
    clock = Clock()
    function = ActionFunction(load_action("send_sms"), os.environ, sleep=clock.sleep, monotonic=clock)
    context: Any = Context(remaining_seconds)
    with losing("DYNAMODB", "PutItem", 100, lambda: clock.sleep(1.6)) as proxy:
        response = function.respond(REQUEST, context)
    assert outcome_of(response) == CANNOT_BE_REACHED.as_json()
    assert (proxy.lost, sent(sandbox)) == (attempts, [])


def test_no_outcome_is_written_once_the_time_of_the_function_is_over(aws: Aws) -> None:
    clock = Clock()
    table = SendsTable(SETTINGS, time.time, clock)
    table.finish_within(4.0, 5.0)
    assert table.claim(SEND) is None
    clock.sleep(5.1)
    table.complete(SEND, DELIVERED)
    assert states(aws) == ["INPROGRESS"]


def test_a_table_that_never_responds_holds_a_function_up_for_seconds_alone(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    with WireServer(always=hang) as dynamodb:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url)
        response = invoke("send_sms", REQUEST)
        attempts = len(dynamodb.received)
    assert (response["statusCode"], outcome_of(response)) == (503, CANNOT_BE_REACHED.as_json())
    assert 1 <= attempts <= 3
    assert sent(sandbox) == []

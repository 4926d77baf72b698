import json
import time

import boto3
import pytest

from dev.local_cloud.sources import logged_outcomes, outcome_of, summary


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"outcome": "delivered", "action": "send_sms"}, "delivered"),
        ({"message": "Forbidden"}, 'no outcome: {"message": "Forbidden"}'),
        (None, "no outcome: null"),
    ],
)
def test_the_outcome_is_what_an_answer_names(answer: object, outcome: str) -> None:
    assert outcome_of(answer) == outcome


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        (["delivered"], "delivered"),
        (["skipped", "delivered", "delivered"], "2 delivered, 1 skipped"),
        ([], "none"),
    ],
)
def test_several_outcomes_are_their_numbers(outcomes: list[str], text: str) -> None:
    assert summary(outcomes) == text


def _log(function: str, *messages: str) -> None:
    group = f"/aws/lambda/{function}"
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=group, logStreamName="one", logEvents=[{"timestamp": now, "message": each} for each in messages]
    )


def _line(correlation_id: str, outcome: str, message: str = "outcome") -> str:
    return json.dumps({"message": message, "correlation_id": correlation_id, "outcome": outcome})


@pytest.mark.usefixtures("aws")
def test_the_logged_outcomes_are_those_of_the_events_and_of_no_other_line() -> None:
    _log(
        "local-send_sms",
        "START RequestId: 1",
        _line("another", "rejected"),
        _line("mine", "retry", message="sms parts"),
        _line("mine", "delivered"),
    )
    _log("local-enrol_contact", _line("mine too", "in_doubt"))
    functions = ["local-send_sms", "local-enrol_contact"]
    assert logged_outcomes(functions, ["mine", "mine too"], 2) == ["delivered", "in_doubt"]


@pytest.mark.usefixtures("aws")
def test_an_outcome_that_no_line_tells_is_given_up() -> None:
    _log("local-send_sms", _line("mine", "delivered"))
    found = logged_outcomes(["local-send_sms"], ["mine", "another"], 2, wait_seconds=0.3)
    assert found == ["delivered", "no outcome"]

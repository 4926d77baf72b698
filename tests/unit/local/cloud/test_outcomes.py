import json
import time

import boto3
import pytest

from local.cloud.outcomes import logged_outcome, outcome_of

GROUP = "/aws/lambda/local-send_sms"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"outcome": "delivered", "action": "send_sms"}, "delivered"),
        ([{"outcome": "skipped"}, {"outcome": "delivered"}], "skipped, delivered"),
        ({"message": "Forbidden"}, 'no outcome: {"message": "Forbidden"}'),
        (None, "no outcome: null"),
    ],
)
def test_the_outcome_is_what_an_answer_names(answer: object, outcome: str) -> None:
    assert outcome_of(answer) == outcome


def _log(*messages: str) -> None:
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="one")
    events = [{"timestamp": int(time.time() * 1000), "message": message} for message in messages]
    logs.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=events)


@pytest.mark.usefixtures("aws")
def test_the_logged_outcome_is_that_of_the_event_and_of_no_other_line() -> None:
    _log(
        "START RequestId: 1",
        json.dumps({"message": "outcome", "correlation_id": "another", "outcome": "rejected"}),
        json.dumps({"message": "sms parts", "correlation_id": "mine", "outcome": "retry"}),
        json.dumps({"message": "outcome", "correlation_id": "mine", "outcome": "delivered"}),
    )
    assert logged_outcome("local-send_sms", "mine") == "delivered"


@pytest.mark.usefixtures("aws")
def test_an_event_that_no_line_is_about_is_given_up() -> None:
    _log("START RequestId: 1")
    expected = "no outcome: local-send_sms logged none within 0.3 s"
    assert logged_outcome("local-send_sms", "mine", wait_seconds=0.3) == expected

"""A send date is judged by the time of the event: what passes while the event waits is sent at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import invoke
from tests.support.queued import body, dead_letters, queue_event

ACTION = "send_email_campaign"
PAST = "the fields are not right: sendDate must be in the future; leave it out to send at once"


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def event_of(happened: float | None, date: float) -> dict[str, Any]:
    """An event of `happened` minutes ago, None: it does not say, whose send date was `date` minutes ago."""
    event: dict[str, Any] = body(ACTION, sendDate=ago(date))["event"]
    return {**event, "timestamp": None if happened is None else ago(happened)}


def work_on(content: dict[str, Any], waited: float) -> None:
    """Let the function work on a message that was put into its queue `waited` minutes ago."""
    event = queue_event(content)
    milliseconds = (datetime.now(UTC).timestamp() - waited * 60) * 1000
    event["Records"][0]["attributes"] |= {"SentTimestamp": str(int(milliseconds)), "ApproximateReceiveCount": "3"}
    assert invoke(ACTION, event) == {"batchItemFailures": []}


def dates(sandbox: Sandbox) -> list[Any]:
    return [effect.details["sendDate"] for effect in sandbox.journal if effect.effect == "campaign_sent"]


PASSED_IN_THE_QUEUE = [(20, 10), (300, 10), (None, 10), (-300, 10)]
PAST_BEFORE = [(20, 30), (None, 30), (-300, 30), (1_000_000, 500_000)]


@pytest.mark.parametrize(("happened", "date"), [*PASSED_IN_THE_QUEUE, *PAST_BEFORE])
def test_a_date_that_passed_in_the_queue_is_sent_at_once_and_one_that_was_past_before_is_rejected(
    aws: Aws, sandbox: Sandbox, happened: float | None, date: float
) -> None:
    aws.make_queues(ACTION)
    work_on({"subscription": "Send Email Campaign", "event": event_of(happened, date)}, waited=20)
    is_sent = (happened, date) in PASSED_IN_THE_QUEUE
    reasons = [attributes["reason"] for _, attributes in dead_letters(aws, ACTION)]
    assert (dates(sandbox), reasons) == (([None], []) if is_sent else ([], [PAST]))


@pytest.mark.parametrize(("date", "expected"), [(10, [None]), (30, [])])
def test_a_payload_is_judged_by_when_it_came(aws: Aws, sandbox: Sandbox, date: float, expected: list[Any]) -> None:
    aws.make_queues(ACTION)
    payload = {"email": "kim@example.com", "campaignId": 601, "sendDate": ago(date)}
    work_on({"payload": payload, "messageId": "own-1"}, waited=20)
    assert dates(sandbox) == expected


@pytest.mark.parametrize(
    ("happened", "date", "expected"), [(20, 10, "delivered"), (20, 30, "rejected"), (None, 10, "rejected")]
)
def test_an_invoke_is_judged_by_its_event(sandbox: Sandbox, happened: float | None, date: float, expected: str) -> None:
    assert invoke(ACTION, event_of(happened, date))["outcome"] == expected
    assert dates(sandbox) == ([None] if expected == "delivered" else [])

"""A send date is judged by the moment of the event: what passes while the event waits is sent at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import Context, load_handler
from tests.support.queued import body, dead_letters, queue_event

pytestmark = pytest.mark.usefixtures("environment")
ACTION = "send_email_campaign"


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


def event_of(happened: float | None, date: float) -> dict[str, Any]:
    """An event of `happened` minutes ago, None: it does not say, whose send date was `date` minutes ago."""
    event: dict[str, Any] = body(ACTION, sendDate=ago(date))["event"]
    return {**event, "timestamp": None if happened is None else ago(happened)}


def work(content: dict[str, Any], waited: float) -> None:
    """Let the function work on a message that was put into its queue `waited` minutes ago."""
    event = queue_event(content)
    milliseconds = (datetime.now(UTC).timestamp() - waited * 60) * 1000
    event["Records"][0]["attributes"] |= {"SentTimestamp": str(int(milliseconds)), "ApproximateReceiveCount": "3"}
    assert load_handler(ACTION)(event, Context()) == {"batchItemFailures": []}


def dates(sandbox: Sandbox) -> list[Any]:
    return [effect.details["sendDate"] for effect in sandbox.journal if effect.effect == "campaign_sent"]


@pytest.mark.parametrize("happened", [20, 300, None, -300])
def test_a_date_that_passed_in_the_queue_is_sent_at_once(aws: Aws, sandbox: Sandbox, happened: float | None) -> None:
    aws.make_queues(ACTION)
    work({"subscription": "Send Email Campaign", "event": event_of(happened, date=10)}, waited=20)
    assert (dates(sandbox), dead_letters(aws, ACTION)) == ([None], [])


@pytest.mark.parametrize(("happened", "date"), [(20, 30), (None, 30), (-300, 30), (1_000_000, 500_000)])
def test_a_date_that_was_past_before_is_rejected(
    aws: Aws, sandbox: Sandbox, happened: float | None, date: float
) -> None:
    aws.make_queues(ACTION)
    work({"subscription": "Send Email Campaign", "event": event_of(happened, date)}, waited=20)
    [(_, attributes)] = dead_letters(aws, ACTION)
    assert (
        attributes["reason"] == "the fields are not right: sendDate must be in the future; leave it out to send at once"
    )
    assert dates(sandbox) == []


@pytest.mark.parametrize(("date", "expected"), [(10, [None]), (30, [])])
def test_a_payload_is_judged_by_when_it_came(aws: Aws, sandbox: Sandbox, date: float, expected: list[Any]) -> None:
    aws.make_queues(ACTION)
    payload = {"email": "kim@example.com", "campaignId": 601, "sendDate": ago(date)}
    work({"payload": payload, "messageId": "own-1"}, waited=20)
    assert dates(sandbox) == expected


@pytest.mark.parametrize(
    ("happened", "date", "expected"), [(20, 10, "delivered"), (20, 30, "rejected"), (None, 10, "rejected")]
)
def test_an_invoke_is_judged_by_its_event(sandbox: Sandbox, happened: float | None, date: float, expected: str) -> None:
    assert load_handler(ACTION)(event_of(happened, date), Context())["outcome"] == expected
    assert dates(sandbox) == ([None] if expected == "delivered" else [])

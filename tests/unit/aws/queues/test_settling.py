"""For how long a message that is to come again stays out of sight, and when it is given up."""

from typing import Any

import pytest

from aws.action_queue import ActionQueue, Done
from aws.messages import Message
from aws.settings import Settings
from delivery.outcome import Outcome, Refusal
from tests.support.aws import ENVIRONMENT, Aws, standing_still

NOW = 1_795_169_108.0
HOUR = 3600.0
RETRY = Outcome("retry", "send_sms", "Orders", "not now")


def completed(aws: Aws, outcome: Outcome, *, jitter: float = 1.0, **differences: Any) -> float | None:
    """Settle one message, and give the seconds for which it cannot be seen; None where it left the queue."""
    aws.make_queues("send_sms")
    aws.put("send_sms", "body")
    [record] = aws.receive("send_sms")
    told = {
        "id": record["messageId"],
        "receipt": record["receiptHandle"],
        "body": "body",
        "sent_at": NOW,
        "receives": 1,
    }
    message = Message(**(told | differences))
    queue = ActionQueue("send_sms", (), Settings.from_environment(ENVIRONMENT), lambda: NOW, lambda: jitter)
    with standing_still():
        answer = queue.complete([Done(message, "m-1", outcome)])
        if answer == {"batchItemFailures": []}:
            return None
        assert answer == {"batchItemFailures": [{"itemIdentifier": message.id}]}
        return aws.seconds_out_of_sight("send_sms")


def limited(wait: float) -> Outcome:
    return Outcome("retry", "send_sms", "Orders", "slow down", refusal=Refusal(429, retry_after=wait))


@pytest.mark.parametrize(("wait", "seconds"), [(0.2, 1), (17.0, 17), (17.1, 18), (3600.0, 3600), (90_000.0, 43_000)])
def test_a_wait_that_is_named_is_kept_up_to_what_sqs_takes(aws: Aws, wait: float, seconds: int) -> None:
    assert completed(aws, limited(wait)) == seconds


@pytest.mark.parametrize(
    ("receives", "jitter", "wait", "seconds"),
    [
        (5, 1.0, 60.0, 60),
        (6, 1.0, 60.0, 66),
        (6, 0.0, 60.0, 60),
        (20, 1.0, 60.0, 251),
        (20, 0.0, 60.0, 125),
        (500, 1.0, 60.0, 900),
        (500, 0.0, 60.0, 450),
        (500, 0.0, 600.0, 600),
        (500, 0.5, 3600.0, 3600),
    ],
)
def test_a_wait_that_is_named_grows_with_the_receives_and_is_never_less_than_it_was_named(
    aws: Aws, receives: int, jitter: float, wait: float, seconds: int
) -> None:
    assert completed(aws, limited(wait), receives=receives, jitter=jitter) == seconds


@pytest.mark.parametrize(
    ("receives", "jitter", "seconds"),
    [(1, 1.0, 30), (1, 0.0, 15), (2, 1.0, 60), (3, 0.5, 90), (6, 1.0, 900), (999, 0.0, 450)],
)
def test_a_wait_that_nobody_named_doubles_and_is_spread(aws: Aws, receives: int, jitter: float, seconds: int) -> None:
    assert completed(aws, RETRY, receives=receives, jitter=jitter) == seconds


@pytest.mark.parametrize(
    ("differences", "stays"),
    [
        ({"receives": 2, "sent_at": NOW - 72 * HOUR}, True),
        ({"receives": 2, "sent_at": NOW - 72 * HOUR - 1}, False),
        ({"receives": 1, "sent_at": NOW - 100 * HOUR}, True),
    ],
)
def test_a_message_is_given_up_once_it_was_tried_for_72_hours(
    aws: Aws, differences: dict[str, Any], stays: bool
) -> None:
    assert (completed(aws, RETRY, **differences) is not None) is stays
    assert aws.waiting("send_sms-dead-letters")["visible"] == (0 if stays else 1)


@pytest.mark.parametrize("kind", ["delivered", "skipped"])
def test_what_is_done_leaves_nothing_behind(aws: Aws, kind: Any) -> None:
    assert completed(aws, Outcome(kind, "send_sms", "Orders")) is None
    assert aws.waiting("send_sms-dead-letters")["visible"] == 0

"""How long a message that is to come again waits, and when it is given up; tests/functions has the rest."""

import pytest

from aws.action_queue import ActionQueue, Done, wait_seconds
from aws.messages import Message
from aws.settings import Settings
from delivery.outcome import Outcome
from tests.support.aws import ENVIRONMENT, Aws

NOW = 1_795_169_108.0


@pytest.mark.parametrize(
    ("receives", "named", "jitter", "seconds"),
    [
        # What Dotdigital named is kept, up to what SQS takes.
        *((1, 0.2, 1.0, 1), (1, 17.0, 1.0, 17), (1, 17.1, 1.0, 18), (1, 3600.0, 1.0, 3600), (1, 90_000.0, 1.0, 43_000)),
        # It grows with the receives, and is never less than it was named.
        *((5, 60.0, 1.0, 60), (6, 60.0, 1.0, 66), (6, 60.0, 0.0, 60), (20, 60.0, 1.0, 251), (20, 60.0, 0.0, 125)),
        *((500, 60.0, 1.0, 900), (500, 60.0, 0.0, 450), (500, 600.0, 0.0, 600), (500, 3600.0, 0.5, 3600)),
        # What nobody named doubles, and is spread.
        *((1, None, 1.0, 30), (1, None, 0.0, 15), (2, None, 1.0, 60), (3, None, 0.5, 90)),
        *((6, None, 1.0, 900), (999, None, 0.0, 450)),
    ],
)
def test_a_wait_is_never_less_than_named_and_grows_with_the_receives(
    receives: int, named: float | None, jitter: float, seconds: int
) -> None:
    assert wait_seconds(receives, named, 72, jitter) == seconds


def test_a_message_that_is_tried_for_longer_waits_for_longer() -> None:
    assert wait_seconds(999, None, 144, 1.0) == 1800


@pytest.mark.parametrize(
    ("hours", "receives", "is_given_up"), [(72, 2, False), (72.001, 2, True), (100, 1, False), (100, 2, True)]
)
def test_a_message_is_given_up_once_it_was_tried_for_72_hours(
    aws: Aws, hours: float, receives: int, is_given_up: bool
) -> None:
    aws.make_queues("send_sms")
    message = Message("id", "receipt", "body", NOW - hours * 3600, receives)
    queue = ActionQueue("send_sms", (), Settings.from_environment(ENVIRONMENT), lambda: NOW)
    response = queue.complete([Done(message, "m-1", Outcome("retry", "send_sms", "Orders", "not now"))])
    assert response == {"batchItemFailures": [] if is_given_up else [{"itemIdentifier": "id"}]}
    assert aws.waiting("send_sms-dead-letters")["visible"] == is_given_up

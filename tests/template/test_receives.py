"""maxReceiveCount: a message that waits never reaches it, one that crashes its function is a dead letter for long."""

import heapq
from collections.abc import Iterator
from random import Random
from typing import Any, Final

import pytest

from aws.action_queue import wait_seconds
from dev.expand import read_template
from tests.template.project import ACTIONS, EVENTBRIDGE, WEBHOOK, resource_name

TEMPLATE: Final = read_template()
DAY: Final = 86_400
RETRY_FOR_HOURS: Final = TEMPLATE["Parameters"]["RetryForHours"]


def properties(queue: str) -> dict[str, Any]:
    found: dict[str, Any] = TEMPLATE["Resources"][queue]["Properties"]
    return found


def receives_of(function: str) -> int:
    receives: int = properties(f"{resource_name(function)}Queue")["RedrivePolicy"]["maxReceiveCount"]
    return receives


MOST_RECEIVES: Final = min(receives_of(action) for action in ACTIONS)


@pytest.mark.parametrize("function", [*ACTIONS, WEBHOOK, EVENTBRIDGE])
def test_a_message_that_crashes_its_function_each_time_is_a_dead_letter_for_seven_days(function: str) -> None:
    queue = properties(f"{resource_name(function)}Queue")
    crashed_for = receives_of(function) * queue["VisibilityTimeout"]
    # SQS counts the age of a dead letter that it moved itself from when the message was first sent.
    kept = properties(f"{resource_name(function)}DeadLetterQueue")["MessageRetentionPeriod"] - crashed_for
    assert kept >= 7 * DAY
    assert queue["MessageRetentionPeriod"] >= crashed_for + 7 * DAY


def waits(hours: float, named: Iterator[float | None], random: Random) -> int:
    """How often a message is received that waits for so long, until its function gives it up."""
    age, receives = 0.0, 1
    while age <= hours * 3600:
        age += wait_seconds(receives, next(named), hours, random.random())
        receives += 1
    return receives


@pytest.mark.parametrize(
    "hours", [RETRY_FOR_HOURS["MinValue"], RETRY_FOR_HOURS["Default"], RETRY_FOR_HOURS["MaxValue"]]
)
@pytest.mark.parametrize("kind", ["nobody named", "the rest of a minute", "a second", "a minute and more"])
def test_a_message_that_waits_for_as_long_as_it_is_tried_is_given_up_by_its_function_and_not_by_sqs(
    hours: float, kind: str
) -> None:
    random = Random(hours)

    def named() -> Iterator[float | None]:
        while True:
            match kind:
                case "nobody named":
                    yield None
                case "the rest of a minute":
                    yield random.uniform(1, 60)
                case "a second":
                    yield 1.0
                case _:
                    yield random.choice([60.0, 120.0, 300.0, 3600.0])

    assert max(waits(hours, named(), random) for _ in range(200)) < 0.9 * MOST_RECEIVES


def test_a_queue_that_waits_for_a_limit_for_19_hours_drains_at_its_rate_and_stays_far_from_sqss_count() -> None:
    # A fifth of 40,000 messages at 35 calls a minute, which wait for as long and are received as often.
    messages, a_minute = 8_000, 7
    random = Random(1)
    queue = [(0.0, number, 0) for number in range(messages)]
    now, minute, made, most, last = 0.0, 0, 0, 0, 0.0
    while queue:
        seen_at, number, receives = heapq.heappop(queue)
        now = max(now, seen_at)
        most = max(most, receives + 1)
        if now // 60 != minute:
            minute, made = int(now // 60), 0
        if made < a_minute:
            made, last = made + 1, now
        else:
            reset = (minute + 1) * 60 - now
            wait = wait_seconds(receives + 1, max(reset, 1.0), RETRY_FOR_HOURS["Default"], random.random())
            heapq.heappush(queue, (now + wait, number, receives + 1))
    assert most < 0.5 * MOST_RECEIVES
    assert messages / (a_minute * (last / 60 + 1)) > 0.95

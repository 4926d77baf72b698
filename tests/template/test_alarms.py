"""template.yaml: what tells that something is wrong, on metrics as AWS's services record them, and the dashboard.

tests/functions/test_alarms.py has the alarms on what the functions record.
"""

import json
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from tests.support.cloudformation import Stack
from tests.support.cloudwatch import Recorded, evaluate, states
from tests.template.project import FUNCTIONS, QUEUES, TEMPLATE, resource_name

STACK = "segment-dotdigital"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:on-call"
START = 1_795_000_000 // 3600 * 3600
"""Any full hour, in epoch seconds."""
DAY = 86_400
OF_QUEUES = ("DeadLetters", "NewDeadLetter", "OldestMessage", "RetryAge", "Backlog")
OF_STACK = (
    *("CredentialsRefused", "AccountRefuses", "SecretUnusable", "SignatureRefused", "SubscriptionUnusable"),
    *("ApiErrors", "RateLimited", "EnrolmentAllowance", "Retrying", "Rejected"),
)


def _alarms(name: str = STACK, **parameters: str) -> dict[str, dict[str, Any]]:
    return Stack(TEMPLATE, name, **parameters).resources("AWS::CloudWatch::Alarm")


ALARMS = _alarms()


def _metrics(alarm: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "Metrics" not in alarm:
        return [alarm]
    return [each["MetricStat"]["Metric"] for each in alarm["Metrics"] if "MetricStat" in each]


def _each_minute(recorded: Recorded, name: str, values: Mapping[int, float], namespace: str, **dimensions: str) -> None:
    """Record values by the minutes since START; each holds until the next, for an hour after the last."""
    minutes = [*sorted(values), max(values) + 60]
    for begin, end in pairwise(minutes):
        for minute in range(begin, end):
            recorded.add(name, START + 60 * minute, values[begin], namespace, **dimensions)


def _in_queue(name: str, visible: Mapping[int, float], hidden: Mapping[int, float] | None = None) -> Recorded:
    recorded = Recorded()
    for kind, values in (("Visible", visible), ("NotVisible", hidden or dict.fromkeys(visible, 0))):
        _each_minute(recorded, f"ApproximateNumberOfMessages{kind}", values, "AWS/SQS", QueueName=f"{STACK}-{name}")
    return recorded


def _rings(recorded: Recorded, alarms: Mapping[str, Mapping[str, Any]] = ALARMS) -> set[str]:
    """The alarms that ring within a day. Each that did is well again at the end of it."""
    told = {name: states(alarm, recorded, START - 3600, START + DAY) for name, alarm in alarms.items()}
    ringing = {name for name, seen in told.items() if "ALARM" in seen.values()}
    assert {list(told[name].values())[-1] for name in ringing} <= {"OK"}
    return ringing


def _times(name: str, recorded: Recorded) -> list[int]:
    """The minutes since START at which an alarm begins to ring."""
    seen = states(ALARMS[name], recorded, START - 3600, START + DAY)
    begins = [at for (_, before), (at, now) in pairwise(seen.items()) if (before, now) == ("OK", "ALARM")]
    return [(at - START) // 60 for at in begins]


def test_there_are_these_alarms_and_no_other() -> None:
    of_queues = {f"{resource_name(queue)}{kind}Alarm" for queue in QUEUES for kind in OF_QUEUES}
    of_functions = {f"{resource_name(name)}{kind}Alarm" for name in FUNCTIONS for kind in ("Errors", "Throttles")}
    assert set(ALARMS) == of_queues | of_functions | {f"{name}Alarm" for name in OF_STACK}


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_is_wrong_and_tells_the_topic_of_it_and_of_its_end(name: str) -> None:
    told = _alarms(AlarmTopicArn=TOPIC)[name]
    assert ALARMS[name]["AlarmDescription"]
    assert (told["AlarmActions"], told["OKActions"]) == ([TOPIC], [TOPIC])
    assert {"AlarmActions", "OKActions"} & ALARMS[name].keys() == set()


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_within_what_cloudwatch_takes(name: str) -> None:
    alarm = ALARMS[name]
    periods = {each["MetricStat"]["Period"] for each in alarm.get("Metrics", ()) if "MetricStat" in each}
    (period,) = periods or {alarm["Period"]}
    assert int(alarm.get("DatapointsToAlarm", 1)) <= int(alarm["EvaluationPeriods"])
    assert period * int(alarm["EvaluationPeriods"]) <= DAY
    assert len(_metrics(alarm)) <= 10
    assert [each for each in alarm.get("Metrics", ()) if "FILL" in each.get("Expression", "")] == []


@pytest.mark.parametrize("other", ["segment-dotdigital-dev", "segment", "dotdigital"])
def test_an_alarm_watches_no_other_stack(other: str) -> None:
    def watched(name: str) -> set[str]:
        return {
            json.dumps([metric["Namespace"], metric["MetricName"], metric["Dimensions"]])
            for alarm in _alarms(name).values()
            for metric in _metrics(alarm)
        }

    assert watched(STACK) & watched(other) == set()


def test_where_cloudwatch_has_no_metric_math_no_alarm_uses_it() -> None:
    left = _alarms(MetricMathAlarms="false")
    assert {name for name, alarm in ALARMS.items() if "Metrics" in alarm} == ALARMS.keys() - left.keys()
    assert "RejectedAlarm" not in _alarms(RejectedAlarmPercent="0")


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", ["Errors", "Throttles"])
def test_a_function_that_fails_or_may_not_run_is_told_though_it_records_nothing_else(function: str, kind: str) -> None:
    recorded = Recorded()
    recorded.add(kind, START + 7, 1, "AWS/Lambda", FunctionName=f"{STACK}-{function}")
    assert _rings(recorded) == {f"{resource_name(function)}{kind}Alarm"}


def test_a_function_without_an_error_is_well() -> None:
    recorded = Recorded()
    for kind in ("Errors", "Throttles"):
        _each_minute(recorded, kind, {0: 0}, "AWS/Lambda", FunctionName=f"{STACK}-send_sms")
    assert _rings(recorded) == set()


def test_a_message_that_crashes_its_function_every_20_minutes_is_one_alarm() -> None:
    recorded = Recorded()
    for minute in range(0, 600, 20):
        recorded.add("Errors", START + 60 * minute, 1, "AWS/Lambda", FunctionName=f"{STACK}-send_sms")
    assert _times("SendSmsErrorsAlarm", recorded) == [5]


@pytest.mark.parametrize(
    ("requests", "failed", "rings"), [(1, 1, True), (50, 1, True), (200, 1, False), (50, 0, False)]
)
def test_the_api_is_told_of_when_more_than_one_of_a_hundred_is_5xx(requests: int, failed: int, rings: bool) -> None:
    recorded = Recorded()
    for number in range(requests):
        value = float(number < failed)
        recorded.add("5XXError", START + number, value, "AWS/ApiGateway", ApiName=STACK, Stage="live")
    assert _rings(recorded) == ({"ApiErrorsAlarm"} if rings else set())


@pytest.mark.parametrize("queue", QUEUES)
def test_a_dead_letter_is_told_of_at_once(queue: str) -> None:
    # SQS records nothing of a queue that was idle for hours.
    told = _rings(_in_queue(f"{queue}-dead-letters", {0: 1}))
    assert told == {f"{resource_name(queue)}DeadLettersAlarm"}


@pytest.mark.parametrize("queue", QUEUES)
def test_a_new_dead_letter_is_told_of_while_old_ones_lie_there(queue: str) -> None:
    recorded = _in_queue(f"{queue}-dead-letters", {0: 3, 60: 4, 120: 5, 180: 0})
    name = resource_name(queue)
    assert _rings(recorded) == {f"{name}DeadLettersAlarm", f"{name}NewDeadLetterAlarm"}
    assert _times(f"{name}DeadLettersAlarm", recorded) == [1]
    assert _times(f"{name}NewDeadLetterAlarm", recorded) == [65, 125]


@pytest.mark.parametrize(
    ("visible", "hidden"),
    [({0: 4, 60: 0, 70: 4}, {0: 0, 60: 4, 70: 0}), ({0: 4, 60: 2}, {0: 0, 60: 0}), ({0: 4}, {0: 0})],
)
def test_dead_letters_that_somebody_reads_or_drops_are_no_new_ones(
    visible: dict[int, float], hidden: dict[int, float]
) -> None:
    assert _times("SendSmsNewDeadLetterAlarm", _in_queue("send_sms-dead-letters", visible, hidden)) == []


@pytest.mark.parametrize("queue", QUEUES)
def test_a_message_that_nobody_receives_is_told_of(queue: str) -> None:
    recorded = Recorded()
    dimensions = {"QueueName": f"{STACK}-{queue}"}
    _each_minute(recorded, "ApproximateAgeOfOldestMessage", {0: 60, 60: 7201, 120: 0}, "AWS/SQS", **dimensions)
    assert _rings(recorded) == {f"{resource_name(queue)}OldestMessageAlarm"}
    assert _times(f"{resource_name(queue)}OldestMessageAlarm", recorded) == [65]


@pytest.mark.parametrize("queue", QUEUES)
def test_a_backlog_that_grows_is_told_of_though_all_of_it_is_in_flight(queue: str) -> None:
    growing: dict[int, float] = {minute: 10 * minute for minute in range(0, 120)}
    recorded = _in_queue(queue, {0: 0, 120: 0}, {**growing, 180: 0})
    assert _rings(recorded) == {f"{resource_name(queue)}BacklogAlarm"}


@pytest.mark.parametrize(
    "waiting",
    [
        {minute: minute / 2 for minute in range(120)},  # below 100
        {0: 5000},  # it stays
        {0: 5000, 30: 4000, 60: 3000, 90: 2000, 120: 0},  # it drains
        {minute: 200 + 100 * (minute // 15 % 3) for minute in range(240)},  # it comes and goes
    ],
)
def test_a_backlog_that_does_not_grow_is_no_alarm(waiting: dict[int, float]) -> None:
    assert _rings(_in_queue("send_sms", waiting)) == set()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a + b", {0: 31, 1: 20, 2: 1}),
        ("a - 1", {0: 29, 1: 19}),
        ("1 / b", {0: 1, 2: 1}),
        ("a / b", {0: 30, 2: 0}),
        ("a < b", {0: 0, 1: 0, 2: 1}),
        ("IF(a >= 30, a, 5)", {0: 30, 1: 5}),
        ("IF(a >= 30, b, a)", {0: 1, 1: 20}),
        ("IF(a > 0, b, 0)", {0: 1, 1: 0}),
        ("IF(a < 0, 1, b)", {0: 1}),
        ("DIFF(a)", {1: -10}),
        ("DIFF(b)", {2: 0}),
    ],
)
def test_metric_math_is_as_aws_describes_it(expression: str, value: dict[int, float]) -> None:
    assert evaluate(expression, {"a": {0: 30, 1: 20}, "b": {0: 1, 2: 1}}) == value


def _dashboard(name: str) -> Any:
    return json.loads(Stack(TEMPLATE, name).resources("AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"])


def _searches(name: str) -> list[str]:
    metrics = [metric for widget in _dashboard(name)["widgets"] for metric in widget["properties"]["metrics"]]
    return [metric[0]["expression"] for metric in metrics if isinstance(metric[0], dict)]


def test_the_dashboard_is_two_columns_of_graphs_of_this_region() -> None:
    widgets = _dashboard(STACK)["widgets"]
    places = [(widget["x"], widget["y"], widget["width"], widget["height"]) for widget in widgets]
    assert places == [(12 * (n % 2), 6 * (n // 2), 12, 6) for n in range(len(widgets))]
    assert {widget["properties"]["region"] for widget in widgets} == {"eu-west-1"}


@pytest.mark.parametrize(
    ("metric", "suffix", "names"),
    [
        ("ApproximateNumberOfMessagesVisible", "", QUEUES),
        ("ApproximateNumberOfMessagesNotVisible", "", QUEUES),
        ("ApproximateAgeOfOldestMessage", "", QUEUES),
        ("ApproximateNumberOfMessagesVisible", "-dead-letters", QUEUES),
        ("Errors", "", FUNCTIONS),
        ("Throttles", "", FUNCTIONS),
        ("Duration", "", FUNCTIONS),
    ],
)
def test_the_dashboard_shows_each_of_the_stacks_queues_and_functions_and_none_of_another_stack(
    metric: str, suffix: str, names: tuple[str, ...]
) -> None:
    searches = [search for search in _searches(STACK) if f'MetricName="{metric}"' in search]
    found = {name for search in searches for name in re.findall(r'"([^"]+)"', search)} - {metric}
    assert {f"{STACK}-{name}{suffix}" for name in names} <= found
    # What is not there is not found: a queue has no name of a function alone, nor a function one of a queue.
    everything = {*QUEUES, *FUNCTIONS, *(f"{name}-dead-letters" for name in (*QUEUES, *FUNCTIONS))}
    assert found <= {f"{STACK}-{name}" for name in everything}


@pytest.mark.parametrize("name", [STACK, "s" * 39])
def test_a_search_has_no_more_characters_than_cloudwatch_takes(name: str) -> None:
    assert max(len(search) for search in _searches(name)) <= 1024

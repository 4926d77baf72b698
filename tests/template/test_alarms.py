"""template.yaml: what tells that something is wrong, and the dashboard."""

import json
import re
from typing import Any

import pytest

from dev.expand import read_template
from tests.template.project import ACTIONS, EVENTBRIDGE, WEBHOOK, resource_name

TEMPLATE = read_template()
RESOURCES = TEMPLATE["Resources"]
SERVICE = {"Name": "service", "Value": {"Ref": "AWS::StackName"}}


def _alarm(**properties: Any) -> dict[str, Any]:
    """An alarm that says nothing where nothing is measured, and tells the topic if there is one."""
    shared = {
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]},
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": shared | properties}


def _described(name: str) -> dict[str, Any]:
    """An alarm of the template without its description, which it must have."""
    alarm: dict[str, Any] = RESOURCES[name]
    properties = dict(alarm["Properties"])
    assert properties.pop("AlarmDescription")
    return alarm | {"Properties": properties}


def _queue(resource: str) -> list[dict[str, Any]]:
    return [{"Name": "QueueName", "Value": {"Fn::GetAtt": f"{resource}.QueueName"}}]


@pytest.mark.parametrize("function", [*ACTIONS, WEBHOOK, EVENTBRIDGE])
def test_a_dead_letter_is_told_at_once(function: str) -> None:
    assert _described(f"{resource_name(function)}DeadLettersAlarm") == _alarm(
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=_queue(f"{resource_name(function)}DeadLetterQueue"),
        Statistic="Maximum",
        Period=60,
    )


@pytest.mark.parametrize("function", [*ACTIONS, WEBHOOK, EVENTBRIDGE])
def test_a_message_that_waits_for_too_long_is_told(function: str) -> None:
    assert _described(f"{resource_name(function)}OldestMessageAlarm") == _alarm(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=_queue(f"{resource_name(function)}Queue"),
        Statistic="Maximum",
        Period=300,
        Threshold={"Ref": "OldestMessageAlarmSeconds"},
    )


def test_refused_credentials_are_told_at_once() -> None:
    assert _described("CredentialsRefusedAlarm") == _alarm(
        Namespace="SegmentDotdigital",
        MetricName="CredentialsRefused",
        Dimensions=[SERVICE],
        Statistic="Sum",
        Period=300,
    )


def test_an_account_that_lacks_something_is_told_at_once() -> None:
    assert _described("AccountRefusesAlarm") == _alarm(
        Namespace="SegmentDotdigital",
        MetricName="AccountRefuses",
        Dimensions=[SERVICE],
        Statistic="Sum",
        Period=300,
    )


def test_a_limit_that_is_reached_again_and_again_is_told() -> None:
    assert _described("RateLimitedAlarm") == _alarm(
        Namespace="SegmentDotdigital",
        MetricName="RateLimited",
        Dimensions=[SERVICE],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods={"Ref": "RateLimitedAlarmPeriods"},
    )


def test_what_is_tried_again_and_again_is_told_whatever_the_cause() -> None:
    assert _described("RetryingAlarm") == _alarm(
        Namespace="SegmentDotdigital",
        MetricName="Outcomes",
        Dimensions=[SERVICE, {"Name": "outcome", "Value": "retry"}],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods={"Ref": "RetryingAlarmPeriods"},
    )


def _count(outcome: str) -> dict[str, Any]:
    dimensions = [SERVICE, {"Name": "outcome", "Value": outcome}]
    metric = {"Namespace": "SegmentDotdigital", "MetricName": "Outcomes", "Dimensions": dimensions}
    return {"Id": outcome, "ReturnData": False, "MetricStat": {"Metric": metric, "Period": 900, "Stat": "Sum"}}


def test_a_share_of_rejected_events_is_told_where_it_is_asked_for() -> None:
    alarm = _described("RejectedAlarm")
    share, *counts = alarm["Properties"].pop("Metrics")
    assert (share["Id"], set(share)) == ("share", {"Id", "Label", "Expression"})
    assert counts == [_count("rejected"), _count("delivered")]
    assert alarm == _alarm(Threshold={"Ref": "RejectedAlarmPercent"}) | {"Condition": "HasRejectedAlarm"}
    unwanted = {"Fn::Equals": [{"Ref": "RejectedAlarmPercent"}, 0]}
    assert TEMPLATE["Conditions"]["HasRejectedAlarm"] == {"Fn::Not": [unwanted]}


@pytest.mark.parametrize(("rejected", "delivered", "percent"), [(2, 18, 10), (2, 17, 0), (20, 0, 100), (0, 20, 0)])
def test_the_share_is_of_what_ended_and_counts_from_a_least_number(rejected: int, delivered: int, percent: int) -> None:
    share = RESOURCES["RejectedAlarm"]["Properties"]["Metrics"][0]["Expression"]["Fn::Sub"]
    names = {"IF": lambda test, yes, no: yes if test else no, "FILL": lambda metric, _: metric}
    text = share.replace("${RejectedAlarmLeast}", "20")
    assert eval(text, names | {"rejected": rejected, "delivered": delivered}) == percent


def test_there_is_no_alarm_beside_those() -> None:
    alarms = {name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::CloudWatch::Alarm"}
    names = [resource_name(function) for function in (*ACTIONS, WEBHOOK, EVENTBRIDGE)]
    of_queues = {f"{name}{kind}" for name in names for kind in ("DeadLettersAlarm", "OldestMessageAlarm")}
    of_causes = {f"{cause}Alarm" for cause in ("CredentialsRefused", "AccountRefuses", "RateLimited")}
    assert alarms == of_queues | of_causes | {"RejectedAlarm", "RetryingAlarm"}


def test_the_dashboard_names_no_action_so_that_a_new_one_is_on_it() -> None:
    body, words = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert words == {"StackWords": {"Fn::Join": [" ", {"Fn::Split": ["-", {"Ref": "AWS::StackName"}]}]}}
    widgets = json.loads(body)["widgets"]
    places = [(widget["x"], widget["y"], widget["width"], widget["height"]) for widget in widgets]
    assert places == [(12 * (n % 2), 6 * (n // 2), 12, 6) for n in range(len(widgets))]
    assert [action for action in ACTIONS if action in body] == []
    assert set(re.findall(r"\$\{(.+?)\}", body)) == {"AWS::Region", "AWS::StackName", "StackWords"}

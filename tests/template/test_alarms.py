"""template.yaml: what tells that something is wrong, and the dashboard."""

import json
import re
from typing import Any

import pytest

from tests.support.functions import ACTIONS
from tests.template.project import QUEUES, RESOURCES, TEMPLATE, of_type, resource_name

SERVICE = {"Name": "service", "Value": {"Ref": "AWS::StackName"}}
OURS = {"Namespace": "SegmentDotdigital", "Dimensions": [SERVICE], "Statistic": "Sum", "Period": 300}
SQS = {"Namespace": "AWS/SQS", "Statistic": "Maximum"}
SHARED = {
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "AlarmActions": {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]},
}
"""An alarm says nothing where nothing is measured, and tells the topic if there is one."""


def _outcome(name: str) -> list[Any]:
    return [SERVICE, {"Name": "outcome", "Value": name}]


def _count(outcome: str) -> dict[str, Any]:
    metric = {"Namespace": "SegmentDotdigital", "MetricName": "Outcomes", "Dimensions": _outcome(outcome)}
    return {"Id": outcome, "ReturnData": False, "MetricStat": {"Metric": metric, "Period": 900, "Stat": "Sum"}}


def _of_queue(resource: str, metric: str, **more: Any) -> dict[str, Any]:
    name = {"Name": "QueueName", "Value": {"Fn::GetAtt": f"{resource}.QueueName"}}
    return SQS | {"MetricName": metric, "Dimensions": [name], **more}


ALARMS: dict[str, dict[str, Any]] = {
    "CredentialsRefusedAlarm": OURS | {"MetricName": "CredentialsRefused"},
    "AccountRefusesAlarm": OURS | {"MetricName": "AccountRefuses"},
    "RateLimitedAlarm": OURS | {"MetricName": "RateLimited", "EvaluationPeriods": {"Ref": "RateLimitedAlarmPeriods"}},
    "RetryingAlarm": OURS
    | {
        "MetricName": "Outcomes",
        "Dimensions": _outcome("retry"),
        "EvaluationPeriods": {"Ref": "RetryingAlarmPeriods"},
    },
    "RejectedAlarm": {"Threshold": {"Ref": "RejectedAlarmPercent"}},
}
for _name in map(resource_name, QUEUES):
    ALARMS[f"{_name}DeadLettersAlarm"] = _of_queue(
        f"{_name}DeadLetterQueue", "ApproximateNumberOfMessagesVisible", Period=60
    )
    ALARMS[f"{_name}OldestMessageAlarm"] = _of_queue(
        f"{_name}Queue", "ApproximateAgeOfOldestMessage", Period=300, Threshold={"Ref": "OldestMessageAlarmSeconds"}
    )


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_is_described_and_tells_of_its_metric(name: str) -> None:
    properties = dict(RESOURCES[name]["Properties"])
    properties.pop("Metrics", None)
    assert properties.pop("AlarmDescription")
    assert properties == SHARED | ALARMS[name]


def test_there_is_no_alarm_beside_those() -> None:
    assert of_type("AWS::CloudWatch::Alarm") == ALARMS.keys()


def test_a_share_of_rejected_events_is_told_where_it_is_asked_for() -> None:
    share, *counts = RESOURCES["RejectedAlarm"]["Properties"]["Metrics"]
    assert (share["Id"], set(share)) == ("share", {"Id", "Label", "Expression"})
    assert counts == [_count("rejected"), _count("delivered")]
    assert RESOURCES["RejectedAlarm"]["Condition"] == "HasRejectedAlarm"
    unwanted = {"Fn::Equals": [{"Ref": "RejectedAlarmPercent"}, 0]}
    assert TEMPLATE["Conditions"]["HasRejectedAlarm"] == {"Fn::Not": [unwanted]}


@pytest.mark.parametrize(("rejected", "delivered", "percent"), [(2, 18, 10), (2, 17, 0), (20, 0, 100), (0, 20, 0)])
def test_the_share_is_of_what_ended_and_counts_from_a_least_number(rejected: int, delivered: int, percent: int) -> None:
    share = RESOURCES["RejectedAlarm"]["Properties"]["Metrics"][0]["Expression"]["Fn::Sub"]
    names = {"IF": lambda test, yes, no: yes if test else no, "FILL": lambda metric, _: metric}
    text = share.replace("${RejectedAlarmLeast}", "20")
    assert eval(text, names | {"rejected": rejected, "delivered": delivered}) == percent


def test_the_dashboard_names_no_action_so_that_a_new_one_is_on_it() -> None:
    body, words = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    assert words == {"StackWords": {"Fn::Join": [" ", {"Fn::Split": ["-", {"Ref": "AWS::StackName"}]}]}}
    widgets = json.loads(body)["widgets"]
    places = [(widget["x"], widget["y"], widget["width"], widget["height"]) for widget in widgets]
    assert places == [(12 * (n % 2), 6 * (n // 2), 12, 6) for n in range(len(widgets))]
    assert [action for action in ACTIONS if action in body] == []
    assert set(re.findall(r"\$\{(.+?)\}", body)) == {"AWS::Region", "AWS::StackName", "StackWords"}

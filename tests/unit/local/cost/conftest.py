"""A small stack with round numbers: what a price, a figure or a count does can be told by heart."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.cost.assumptions import read_assumptions
from local.cost.basis import Basis
from local.cost.figures import Figures
from local.cost.limits import read_limits
from local.cost.prices import Prices, read_prices
from local.cost.stack import Stack

TEMPLATE = """
Parameters:
  ApiRateLimit: {Type: Number, Default: 100}
  BatchingWindowSeconds: {Type: Number, Default: 5}
  LogRetentionDays: {Type: Number, Default: 15}
  MaximumConcurrency: {Type: Number, Default: 2}
  SendsKeptDays: {Type: Number, Default: 6}
Globals:
  Function: {MemorySize: 512}
Resources:
  SegmentWebhookFunction: {Type: AWS::Serverless::Function, Properties: {MemorySize: 2048}}
  SegmentWebhookEventSource: {Type: AWS::Lambda::EventSourceMapping, Properties: {BatchSize: 100}}
  AddContactToListFunction: {Type: AWS::Serverless::Function, Properties: {}}
  AddContactToListEventSource:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {BatchSize: 1000, ScalingConfig: {MaximumConcurrency: !Ref MaximumConcurrency}}
  SendTransactionalSmsFunction: {Type: AWS::Serverless::Function, Properties: {MemorySize: 1024}}
  SendTransactionalSmsEventSource:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {BatchSize: 10, ScalingConfig: {MaximumConcurrency: 4}}
  Secret: {Type: AWS::SecretsManager::Secret}
  Dashboard: {Type: AWS::CloudWatch::Dashboard, Properties: {DashboardBody: !Sub ["{}", {Words: x}]}}
  OneAlarm: {Type: AWS::CloudWatch::Alarm, Properties: {MetricName: Outcomes}}
  ShareAlarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {Metrics: [{Expression: a / b}, {MetricStat: {Stat: Sum}}, {MetricStat: {Stat: Sum}}]}
"""

FIGURES: dict[str, Any] = {
    "load": [{"events": 1_000, "webhook_seconds": 1.0}],
    "batches": [
        {"events": 1, "bytes": 1_024, "p50": 0.01, "p99": 0.02, "runs": 9},
        {"events": 10, "bytes": 10_240, "p50": 0.02, "p99": 0.03, "runs": 9},
        {"events": 100, "bytes": 102_400, "p50": 0.05, "p99": 0.06, "runs": 9},
        {"events": 1_000, "bytes": 1_024_000, "p50": 0.5, "p99": 0.6, "runs": 9},
    ],
    "whole_way": [
        {
            "row": row,
            "events": events,
            "seconds": 2.0,
            "cpu_seconds": cpu_seconds,
            "waited_seconds": waited_seconds,
            "calls": calls,
            "log_bytes": log_bytes,
        }
        for row, events, cpu_seconds, waited_seconds, calls, log_bytes in (
            ("add_contact_to_list, one by one", 1_000, 1.0, 0.0, 1_000, 600_000),
            ("add_contact_to_list, 10 at a time", 1_000, 0.8, 0.0, 1_000, 400_000),
            ("send_transactional_sms, one by one", 1_000, 2.0, 0.0, 1_000, 700_000),
            ("add_contact_to_list, 4,000 at a time", 4_000, 0.8, 0.5, 2, 1_280_000),
        )
    ],
    "startup": [
        {"until": "send_sms is ready for an event", "milliseconds": 500.0, "bare": 600.0, "ratio": 0.8},
        {"until": "and has read the secret", "milliseconds": 700.0, "bare": 600.0, "ratio": 1.2},
    ],
}
"""As `make bench JSON=file` writes it; what costs do not need is there too."""

ASSUMED = {
    "dotdigital_answer_ms": 100,
    "import_seconds": 1,
    "dynamodb_answer_ms": 5,
    "processor_ratio": 512 / 1769,  # so that a function of 512 MB takes as long as where it was measured
    "subscriptions_an_event": 1,
    "platform_log_bytes": 200,
    "webhook_log_bytes": 100,
    "answer_bytes": 2**10,
    "call_bytes": 2**10,
    "import_contact_bytes": 2**9,
    "record_bytes": 2**10,
}


@pytest.fixture
def basis(tmp_path: Path) -> Basis:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    assumptions = read_assumptions().put(**ASSUMED)
    return Basis(Figures.model_validate(FIGURES), Stack(template), read_limits(), assumptions)


@pytest.fixture
def prices() -> Prices:
    """A dollar for each unit of everything."""
    known = read_prices().model_dump()
    for price in known["prices"].values():
        price.update(per=1, tiers=[{"usd": 1}])
    return Prices.model_validate(known)


@pytest.fixture
def figures_file(tmp_path: Path) -> Path:
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(FIGURES), encoding="utf-8")
    return path

"""What is counted beside the outcomes: what a person should hear of, under the names that the alarms watch."""

import json
from typing import Any

import pytest

from aws.observability import count
from aws.settings import Settings
from delivery.outcome import Ids, Kind, Outcome, Refusal
from tests.support.aws import ENVIRONMENT


def counted(capsys: pytest.CaptureFixture[str], *outcomes: Outcome) -> dict[str, list[float]]:
    """The metrics of these outcomes, as CloudWatch reads them, but for the outcomes themselves."""
    count(outcomes, Settings.from_environment(ENVIRONMENT))
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines]
    return {name: line[name] for name, line in zip(names, lines, strict=True) if name != "Outcomes"}


def outcome(kind: Kind, **refusal: Any) -> Outcome:
    said = Refusal(**refusal) if refusal else None
    return Outcome(kind, "send_sms", "Orders", "not now", refusal=said)


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_refused_are_counted(capsys: pytest.CaptureFixture[str], status: int) -> None:
    refused = outcome("retry", status=status)
    assert counted(capsys, refused, refused, outcome("delivered")) == {"CredentialsRefused": [2]}


@pytest.mark.parametrize("answered", [{"status": 429, "retry_after": 17.0}, {"status": 400, "retry_after": 0.0}])
def test_a_limit_that_is_used_up_is_counted(capsys: pytest.CaptureFixture[str], answered: dict[str, Any]) -> None:
    limited = outcome("retry", **answered)
    assert counted(capsys, limited, limited, limited, outcome("retry")) == {"RateLimited": [3]}


def test_each_cause_has_a_metric_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    causes = [
        outcome("retry", status=401),
        outcome("retry", status=429, retry_after=1.0),
        outcome("retry", status=400, code="ERROR_SMS_SENDNOTPERMITTED"),
    ]
    assert counted(capsys, *causes) == {"CredentialsRefused": [1], "RateLimited": [1], "AccountRefuses": [1]}


@pytest.mark.parametrize(
    ("answered", "metric"),
    [
        ({"status": 400, "code": "ERROR_INVALID_LOGIN"}, "CredentialsRefused"),
        ({"status": 400, "code": "ERROR_OAUTH_TOKEN_INVALID"}, "CredentialsRefused"),
        ({"code": "ExceedsAllowedContactLimit"}, "AccountRefuses"),
        ({"code": "invalidEmail, exceedsAllowedContactLimit"}, "AccountRefuses"),
        ({"status": 412}, "AccountRefuses"),
        ({"status": 429, "code": "accounts:maxAccountLimit", "retry_after": 1.0}, "RateLimited"),
    ],
)
def test_what_the_account_or_its_user_is_refused_for_is_counted(
    capsys: pytest.CaptureFixture[str], answered: dict[str, Any], metric: str
) -> None:
    assert counted(capsys, outcome("retry", **answered), outcome("rejected", **answered)) == {metric: [1]}


@pytest.mark.parametrize(
    "usual",
    [
        outcome("retry"),
        outcome("retry", status=503),
        outcome("rejected", status=403, code="ERROR_FEATURENOTACTIVE"),
        Outcome("delivered", "send_sms", "Orders", ids=Ids(message_id="1")),
    ],
)
def test_what_nobody_need_hear_of_is_an_outcome_alone(capsys: pytest.CaptureFixture[str], usual: Outcome) -> None:
    assert counted(capsys, usual) == {}

"""What a function's log says of a batch, as a process prints it, and what is counted beside the outcomes."""

import json
import subprocess
import sys
from typing import Any

import pytest

from aws.observability import count
from aws.settings import Settings
from delivery.outcome import Ids, Kind, Outcome, Refusal
from dev import PROJECT
from tests.support.aws import ENVIRONMENT

ACTION = ("add_contact_to_list", "Add or Update Contact")
PROGRAM = """
import json, sys
from delivery.outcome import Ids, Outcome
from dev import PROJECT
from aws.observability import log_batch
log_batch([(message_id, Outcome(*outcome, ids=Ids(**ids))) for message_id, outcome, ids in json.load(sys.stdin)])
"""
COMMON = {"level": "INFO", "service": "s", "action": ACTION[0], "subscription": ACTION[1], "source": "sqs"}

Told = tuple[str, list[str | None], dict[str, Any]]
"""An event's id, its outcome, and the ids that Dotdigital gave."""


def lines(batch: list[Told]) -> list[dict[str, Any]]:
    environment = {"PYTHONPATH": str(PROJECT / "layers/shared"), "POWERTOOLS_SERVICE_NAME": "s"}
    command = [sys.executable, "-c", PROGRAM]
    told = subprocess.run(
        command,
        input=json.dumps(batch),
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    ).stdout
    read = [json.loads(line) for line in told.splitlines()]
    return [{key: value for key, value in line.items() if key not in ("location", "timestamp")} for line in read]


def outcomes(number: int, kind: str = "delivered", reason: str | None = None) -> list[Told]:
    return [(f"m-{each}", [kind, *ACTION, reason], {"contact_id": each}) for each in range(number)]


def test_few_that_are_alike_have_a_line_each() -> None:
    assert lines(outcomes(24)) == [
        COMMON
        | {"message": "outcome", "correlation_id": f"m-{each}", "outcome": "delivered"}
        | {"fields": [], "dotdigital": {"contactId": each}}
        for each in range(24)
    ]


@pytest.mark.parametrize("kind", ["delivered", "skipped"])
def test_many_that_are_alike_share_a_line(kind: str) -> None:
    # Dotdigital's id of a message stands beside Segment's.
    batch: list[Told] = [*outcomes(24, kind, "why"), ("m-24", [kind, *ACTION, "why"], {"message_id": "own-1"})]
    events: list[Any] = [{"messageId": f"m-{each}", "dotdigital": {"contactId": each}} for each in range(24)]
    events.append({"messageId": "m-24", "dotdigital": {"messageId": "own-1"}})
    assert lines(batch) == [COMMON | {"message": "outcomes", "outcome": kind, "reason": "why", "events": events}]


@pytest.mark.parametrize("kind", ["rejected", "retry", "in_doubt"])
def test_what_a_person_may_act_on_has_a_line_each(kind: str) -> None:
    assert [line["message"] for line in lines(outcomes(25, kind))] == ["outcome"] * 25


def test_a_line_has_one_reason_and_500_events_at_most() -> None:
    said = lines([*outcomes(501, "skipped", "not on the list"), *outcomes(25, "skipped", "disabled")])
    told = [(line["reason"], len(line["events"])) for line in said]
    assert told == [("not on the list", 500), ("not on the list", 1), ("disabled", 25)]


def test_no_line_is_lost_to_half_a_character_or_a_long_id() -> None:
    done, failed = outcomes(500), outcomes(1, "rejected")
    batch = [(f"{each:3}\ud83d{'i' * 1_000}", outcome, ids) for each, (_, outcome, ids) in enumerate([*done, *failed])]
    shared, own = lines(batch)
    ids = [*(event["messageId"] for event in shared["events"]), own["correlation_id"]]
    assert ids == [f"{each:3}\ufffd{'i' * 96}…" for each in range(501)]


def counted(capsys: pytest.CaptureFixture[str], *outcomes: Outcome) -> dict[str, list[float]]:
    """The metrics of these outcomes, as CloudWatch reads them, but for the outcomes themselves."""
    count(outcomes, Settings.from_environment(ENVIRONMENT))
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = [line["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"] for line in lines]
    return {name: line[name] for name, line in zip(names, lines, strict=True) if name != "Outcomes"}


def outcome(kind: Kind, **refusal: Any) -> Outcome:
    said = Refusal(**refusal) if refusal else None
    return Outcome(kind, "send_sms", "Orders", "not now", refusal=said)


def test_each_cause_has_a_metric_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    causes = [
        outcome("retry", status=401),
        outcome("retry", status=429, retry_after=1.0),
        outcome("retry", status=400, code="ERROR_SMS_SENDNOTPERMITTED"),
    ]
    assert counted(capsys, *causes) == {"CredentialsRefused": [1], "RateLimited": [1], "AccountRefuses": [1]}


@pytest.mark.parametrize(
    ("refusal", "metric"),
    [
        ({"status": 401}, "CredentialsRefused"),
        ({"status": 403}, "CredentialsRefused"),
        ({"status": 400, "code": "ERROR_INVALID_LOGIN"}, "CredentialsRefused"),
        ({"status": 400, "code": "ERROR_OAUTH_TOKEN_INVALID"}, "CredentialsRefused"),
        ({"status": 429, "retry_after": 17.0}, "RateLimited"),
        ({"status": 400, "retry_after": 0.0}, "RateLimited"),
        ({"code": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", "retry_after": 3600.0}, "EnrolmentAllowanceUsedUp"),
        ({"status": 429, "code": "accounts:maxAccountLimit", "retry_after": 1.0}, "RateLimited"),
        ({"code": "ExceedsAllowedContactLimit"}, "AccountRefuses"),
        ({"code": "invalidEmail, exceedsAllowedContactLimit"}, "AccountRefuses"),
        ({"status": 412}, "AccountRefuses"),
    ],
)
def test_what_the_account_or_its_user_is_refused_for_is_counted_and_what_nobody_need_hear_of_is_not(
    capsys: pytest.CaptureFixture[str], refusal: dict[str, Any], metric: str
) -> None:
    usual = [outcome("retry"), outcome("retry", status=503), outcome("rejected", status=403), outcome("delivered")]
    sent = Outcome("delivered", "send_sms", "Orders", ids=Ids(message_id="1"))
    refused = [outcome("retry", **refusal)] * 2
    assert counted(capsys, *refused, outcome("rejected", **refusal), *usual, sent) == {metric: [2]}

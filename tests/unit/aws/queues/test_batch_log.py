"""What a function's log says of a batch, as a process prints it."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.template.project import ROOT

ACTION = ("add_contact_to_list", "Add or Update Contact")
PROGRAM = """
import json, sys
from delivery.outcome import Ids, Outcome
from aws.observability import log_batch
log_batch([(message_id, Outcome(*outcome, ids=Ids(**ids))) for message_id, outcome, ids in json.load(sys.stdin)])
"""
COMMON = {"level": "INFO", "service": "s", "action": ACTION[0], "subscription": ACTION[1], "source": "sqs"}

Told = tuple[str, list[str | None], dict[str, Any]]
"""An event's id, its outcome, and the ids that Dotdigital gave."""


def lines(batch: list[Told]) -> list[dict[str, Any]]:
    environment = {"PYTHONPATH": str(ROOT / "layers/shared"), "POWERTOOLS_SERVICE_NAME": "s"}
    command = [sys.executable, "-c", PROGRAM]
    told = subprocess.run(
        command, input=json.dumps(batch), env=environment, check=True, capture_output=True, text=True
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
    events = [{"messageId": f"m-{each}", "dotdigital": {"contactId": each}} for each in range(25)]
    expected = COMMON | {"message": "outcomes", "outcome": kind, "reason": "why", "events": events}
    assert lines(outcomes(25, kind, "why")) == [expected]


def test_an_id_that_dotdigital_gave_stands_beside_segments() -> None:
    batch = [(message_id, outcome, {"message_id": "dotdigital-1"}) for message_id, outcome, _ in outcomes(25)]
    (line,) = lines(batch)
    expected = [{"messageId": f"m-{each}", "dotdigital": {"messageId": "dotdigital-1"}} for each in range(25)]
    assert line["events"] == expected


@pytest.mark.parametrize("kind", ["rejected", "retry", "in_doubt"])
def test_what_a_person_may_act_on_has_a_line_each(kind: str) -> None:
    assert [line["message"] for line in lines(outcomes(25, kind))] == ["outcome"] * 25


def test_a_line_has_500_events_at_most() -> None:
    said = lines(outcomes(501))
    assert [len(line["events"]) for line in said] == [500, 1]


def test_another_reason_is_another_line() -> None:
    said = lines([*outcomes(25, "skipped", "not on the list"), *outcomes(25, "skipped", "disabled")])
    assert [(line["reason"], len(line["events"])) for line in said] == [("not on the list", 25), ("disabled", 25)]


def test_no_line_is_lost_to_half_a_character_or_a_long_id() -> None:
    done, failed = outcomes(500), outcomes(1, "rejected")
    batch = [(f"{each:3}\ud83d{'i' * 1_000}", outcome, ids) for each, (_, outcome, ids) in enumerate([*done, *failed])]
    shared, own = lines(batch)
    ids = [*(event["messageId"] for event in shared["events"]), own["correlation_id"]]
    assert ids == [f"{each:3}\ufffd{'i' * 96}…" for each in range(501)]

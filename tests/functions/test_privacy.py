"""Personal data goes through every path, and none of it is in what a function writes: logs and metrics."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.actions import load_action
from dev import PROJECT
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws
from tests.support.functions import ACTIONS
from tests.support.queued import dead_letters, queue_event
from tests.support.segment import own_event, partner_event, rest_event, signature, track, written

PERSONAL = {
    "email": "priya.raghunathan@example.com",
    "phone": "+447700900321",
    "message": "Dear Priya, your biopsy result is in",
    "subject": "Biopsy result",
    "htmlContent": "<p>Dear Priya</p>",
    "fromAddress": "Doctor Quill <quill@example.com>",
    "dataFields": {"FIRSTNAME": "Priya", "LASTNAME": "Raghunathan", "CITY": "Chennai"},
    "Priya": "Raghunathan",
}
IDS = {"listId": 301, "programId": 501, "campaignId": 601}
BAD = {"email": "priya raghunathan", "phone": "call Priya", **dict.fromkeys(IDS, "Priya")}
ODD_FIELDS = {"dataFields": {"Priya": 1, "Raghunathan": 2, "POINTS": "Chennai"}}
SECRETS = (SECRET["password"], SECRET["sharedSecret"])
TELLTALE = ("priya", "raghunathan", "7700900321", "biopsy", "quill", "chennai", *SECRETS)
SAID_WITH_400: tuple[dict[str, Any], ...] = (
    {"message": "priya.raghunathan@example.com ERROR_CONTACT_SUPPRESSED"},
    {
        "errorCode": "contacts:invalidId",
        "description": "Priya Raghunathan is invalid",
        "details": [{"item": "447700900321", "description": "Not found: 447700900321"}],
    },
    {"errorCode": "contacts:priyaRaghunathan", "description": "no"},
    {"errorCode": "Priya", "description": "priya%252540example.com"},
    {"message": "ERROR_PRIYA_RAGHUNATHAN"},
    {"validationFailures": ["to 447700900321, Biopsy"]},
)
FAILURES: tuple[dict[str, Any], ...] = (
    {},
    *({"action": "status", "status": 400, "body": body} for body in SAID_WITH_400),
    {"action": "status", "status": 500, "body": "<html>Priya</html>"},
    {"action": "drop_before"},
    {"action": "drop_after"},
    {"action": "body", "body": ["Priya"]},
    {"action": "status", "status": 429, "body": {"message": "Priya"}},  # the last: it keeps later requests back
)


def events(action: str, run: int) -> list[dict[str, Any]]:
    """Good and bad events, of every source, signed and not; none is a copy of another."""
    title, route = load_action(action).title, f"/actions/{action.replace('_', '-')}"
    numbers = itertools.count()

    def new(event: dict[str, Any]) -> dict[str, Any]:
        return event | {"messageId": f"{run}-{next(numbers)}"}

    good = track(title, **PERSONAL, **IDS)
    bad, named = (track(title, **PERSONAL | IDS | odd) for odd in (BAD, ODD_FIELDS))
    different = (good, bad, named, {"type": "Priya", "messageId": "1", "traits": PERSONAL})
    unknown = {"Priya": {"@Priya": "Priya", "Raghunathan": 1}}
    return [
        *(rest_event(new(event), route) for event in different),
        *(partner_event(new(event)) for event in different),
        *(own_event({"event": new(event)}, action) for event in different),
        own_event({"payload": PERSONAL}, action),
        *(new(event) for event in different),
        {"event": new(good), "mapping": {"to": {"@path": "$.properties.message"}, "email": "Priya"}},
        {"event": new(good), "mapping": unknown, "subscribe": "Priya = Priya ="},
        {"event": new(good), "mapping": {"to": {"@liquid": "{{ properties.message | Priya }}"}}},
        {"payload": PERSONAL},
        rest_event(new(good), route, headers={"X-Signature": "Priya"}),
        rest_event(b'{"email":"Priya', route),
        queue_event(*({"subscription": title, "event": new(event)} for event in different)),
        queue_event({"subscription": title, "event": new(good)}, {"subscription": title, "event": new(good)}),
        queue_event({"payload": PERSONAL, "messageId": f"{run}-payload"}, '{"email":"Priya', {"event": "Priya"}),
    ]


def written_by(function: str, runs: list[dict[str, Any]], sandbox: Sandbox, responses: Path) -> str:
    """Run a function in a process of its own and give what it wrote."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.support.lambda_process", str(responses)],
        input=json.dumps({"function": function, "sandbox": sandbox.url, "runs": runs}),
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}", "POWERTOOLS_LOG_LEVEL": "DEBUG"},
        timeout=600,
    )
    assert process.returncode == 0, process.stderr
    return process.stdout + process.stderr


def telltales(text: str) -> list[str]:
    return [word for word in TELLTALE if word.lower() in text.lower()]


def reasons(aws: Aws, function: str) -> str:
    """All that the attributes of a function's dead letters say, but for Dotdigital's own words."""
    letters = [attributes for _, attributes in dead_letters(aws, function)]
    return "\n".join(value for letter in letters for name, value in letter.items() if name != "answer")


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_that_a_function_writes_holds_personal_data(
    aws: Aws, sandbox: Sandbox, tmp_path: Path, action: str
) -> None:
    aws.make_queues(action)
    sandbox.limit(LimitRules(enrolments_per_hour=1000))
    runs = [{"failure": failure, "events": events(action, run)} for run, failure in enumerate(FAILURES)]
    output = written_by(action, runs, sandbox, tmp_path / "responses")
    assert output.count('"message":"outcome"') >= sum(len(run["events"]) for run in runs)
    said = reasons(aws, action)
    assert "rejected" in said
    assert telltales(output + said) == []


def test_nothing_that_the_webhook_writes_holds_personal_data(aws: Aws, sandbox: Sandbox, tmp_path: Path) -> None:
    aws.make_queues("segment_webhook", *ACTIONS)
    titles = [load_action(action).title for action in ACTIONS]
    good = [track(title, **PERSONAL, **IDS) | {"messageId": title} for title in titles]
    poison: list[Any] = [{"type": "Priya", **PERSONAL}, "Priya", {**good[0], "messageId": PERSONAL}]
    batch = rest_event([*good, *poison], "/segment", headers={"X-Signature": signature(written(good[0]))})
    given = [batch, queue_event(*good, *poison), rest_event(b'{"email":"Priya', "/segment"), good[0]]
    output = written_by("segment_webhook", [{"failure": {}, "events": given}], sandbox, tmp_path / "responses")
    assert output.count('"message":"outcome"') == 2 * len(poison)
    assert telltales(output + reasons(aws, "segment_webhook")) == []

"""Personal data goes through every path, and none of it is in what a function writes: logs and metrics."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws
from tests.support.functions import PROJECT, action_folders
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
TELLTALE = (
    "priya",
    "raghunathan",
    "7700900321",
    "biopsy",
    "quill",
    "chennai",
    SECRET["password"],
    SECRET["sharedSecret"],
)
FAILURES: tuple[dict[str, Any], ...] = (
    {},
    {"action": "status", "status": 400, "body": {"message": "priya.raghunathan@example.com ERROR_CONTACT_SUPPRESSED"}},
    {
        "action": "status",
        "status": 400,
        "body": {
            "errorCode": "contacts:invalidId",
            "description": "Priya Raghunathan is invalid",
            "details": [{"item": "447700900321", "description": "Not found: 447700900321"}],
        },
    },
    {"action": "status", "status": 400, "body": {"errorCode": "contacts:priyaRaghunathan", "description": "no"}},
    {"action": "status", "status": 400, "body": {"errorCode": "Priya", "description": "priya%252540example.com"}},
    {"action": "status", "status": 400, "body": {"message": "ERROR_PRIYA_RAGHUNATHAN"}},
    {"action": "status", "status": 400, "body": {"validationFailures": ["to 447700900321, Biopsy"]}},
    {"action": "status", "status": 500, "body": "<html>Priya</html>"},
    {"action": "drop_before"},
    {"action": "drop_after"},
    {"action": "body", "body": ["Priya"]},
    {"action": "status", "status": 429, "body": {"message": "Priya"}},  # the last: it keeps later calls back
)
BAD = {
    "email": "priya raghunathan",
    "phone": "call Priya",
    "listId": "Priya",
    "programId": "Priya",
    "campaignId": "Priya",
}


def events(action: str, run: int) -> list[dict[str, Any]]:
    """Good and bad events, through every door, signed and not; none is a copy of another."""
    title = {event["partnerAction"]: event["name"] for event in _subscriptions()}[_slug(action)]
    route = f"/actions/{action.replace('_', '-')}"
    numbers = itertools.count()

    def new(event: dict[str, Any]) -> dict[str, Any]:
        return event | {"messageId": f"{run}-{next(numbers)}"}

    good = track(title, **PERSONAL, **IDS)
    bad = track(title, **PERSONAL | IDS | BAD)
    named = track(title, **PERSONAL | IDS | {"dataFields": {"Priya": 1, "Raghunathan": 2, "POINTS": "Chennai"}})
    odd: dict[str, Any] = {"type": "Priya", "messageId": "1", "traits": PERSONAL}
    sources = (good, bad, named, odd)
    return [
        *(rest_event(new(event), route) for event in sources),
        *(partner_event(new(event)) for event in sources),
        *(own_event({"event": new(event)}, action) for event in sources),
        own_event({"payload": PERSONAL}, action),
        *(new(event) for event in sources),
        {"event": new(good), "mapping": {"to": {"@path": "$.properties.message"}, "email": "Priya"}},
        {
            "event": new(good),
            "mapping": {"Priya": {"@Priya": "Priya", "Raghunathan": 1}},
            "subscribe": "Priya = Priya =",
        },
        {"event": new(good), "mapping": {"to": {"@liquid": "{{ properties.message | Priya }}"}}},
        {"payload": PERSONAL},
        rest_event(new(good), route, headers={"X-Signature": "Priya"}),
        rest_event(b'{"email":"Priya', route),
        queue_event(*({"subscription": title, "event": new(event)} for event in sources)),
        queue_event({"subscription": title, "event": new(good)}, {"subscription": title, "event": new(good)}),
        queue_event({"payload": PERSONAL, "messageId": f"{run}-payload"}, '{"email":"Priya', {"event": "Priya"}),
    ]


def _subscriptions() -> list[dict[str, Any]]:
    content = json.loads((PROJECT / "layers/subscriptions/subscriptions.json").read_text(encoding="utf-8"))
    subscriptions: list[dict[str, Any]] = content["subscriptions"]
    return subscriptions


def _slug(action: str) -> str:
    first, *others = action.split("_")
    return first + "".join(word.capitalize() for word in others)


def written_by(function: str, runs: list[dict[str, Any]], sandbox: Sandbox, answers: Path) -> str:
    """Run a function in a process of its own and give what it wrote."""
    written = subprocess.run(
        [sys.executable, "-m", "tests.support.lambda_process", str(answers)],
        input=json.dumps({"function": function, "sandbox": sandbox.url, "runs": runs}),
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}", "POWERTOOLS_LOG_LEVEL": "DEBUG"},
    )
    assert written.returncode == 0, written.stderr
    return written.stdout + written.stderr


def telltales(text: str) -> list[str]:
    return [word for word in TELLTALE if word.lower() in text.lower()]


def reasons(aws: Aws, function: str) -> str:
    """All that the attributes of a function's dead letters say, but for Dotdigital's own words."""
    said: list[str] = []
    while letters := dead_letters(aws, function):
        said += [value for _, each in letters for name, value in each.items() if name != "answer"]
    return "\n".join(said)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("action", action_folders())
def test_nothing_that_a_function_writes_holds_personal_data(
    aws: Aws, sandbox: Sandbox, tmp_path: Path, action: str
) -> None:
    aws.make_queues(action)
    sandbox.limit(LimitRules(enrolments_per_hour=1000))
    runs = [{"failure": failure, "events": events(action, run)} for run, failure in enumerate(FAILURES)]
    output = written_by(action, runs, sandbox, tmp_path / "answers")
    assert output.count('"message":"outcome"') >= sum(len(run["events"]) for run in runs)
    assert telltales(output) == []
    said = reasons(aws, action)
    assert "rejected" in said
    assert telltales(said) == []


@pytest.mark.usefixtures("environment")
def test_nothing_that_the_webhook_writes_holds_personal_data(aws: Aws, sandbox: Sandbox, tmp_path: Path) -> None:
    aws.make_queues("segment_webhook", *action_folders())
    good = [track(each["name"], **PERSONAL, **IDS) | {"messageId": each["name"]} for each in _subscriptions()]
    poison: list[Any] = [{"type": "Priya", **PERSONAL}, "Priya", {**good[0], "messageId": PERSONAL}]
    batch = rest_event([*good, *poison], "/segment")
    batch["headers"]["X-Signature"] = signature(written(good[0]))
    given = [batch, queue_event(*good, *poison), rest_event(b'{"email":"Priya', "/segment"), good[0]]
    output = written_by("segment_webhook", [{"failure": {}, "events": given}], sandbox, tmp_path / "answers")
    assert output.count('"message":"outcome"') == 2 * len(poison)
    assert telltales(output) == []
    assert telltales(reasons(aws, "segment_webhook")) == []

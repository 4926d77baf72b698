"""Personal data goes through every path, and none of it is in what a function writes: logs and metrics."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.sandbox.server import Sandbox
from tests.support.aws import SECRET
from tests.support.functions import PROJECT, action_folders
from tests.support.segment import own_event, partner_event, rest_event, track

PERSONAL = {
    "email": "priya.raghunathan@example.com",
    "phone": "+447700900321",
    "message": "Dear Priya, your biopsy result is in",
    "subject": "Biopsy result",
    "htmlContent": "<p>Dear Priya</p>",
    "fromAddress": "Doctor Quill <quill@example.com>",
    "dataFields": {"FIRSTNAME": "Priya", "LASTNAME": "Raghunathan", "CITY": "Chennai"},
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
    {"action": "status", "status": 400, "body": {"validationFailures": ["to 447700900321, Biopsy"]}},
    {"action": "status", "status": 429, "body": {"message": "Priya"}},
    {"action": "status", "status": 500, "body": "<html>Priya</html>"},
    {"action": "drop_before"},
    {"action": "drop_after"},
    {"action": "body", "body": ["Priya"]},
)
BAD = {
    "email": "priya raghunathan",
    "phone": "call Priya",
    "listId": "Priya",
    "programId": "Priya",
    "campaignId": "Priya",
}


def events(action: str) -> list[dict[str, Any]]:
    """Good and bad events, through every door, signed and not."""
    title = {event["partnerAction"]: event["name"] for event in _subscriptions()}[_slug(action)]
    route = f"/actions/{action.replace('_', '-')}"
    good = track(title, **PERSONAL, **IDS)
    bad = track(title, **PERSONAL | IDS | BAD)
    odd: dict[str, Any] = {"type": "Priya", "messageId": "1", "traits": PERSONAL}
    sources = (good, bad, odd)
    return [
        *(rest_event(event, route) for event in sources),
        *(partner_event(event) for event in sources),
        *(own_event({"event": event}, action) for event in sources),
        own_event({"payload": PERSONAL}, action),
        *sources,
        {"event": good, "mapping": {"to": {"@path": "$.properties.message"}, "email": "Priya"}},
        {"event": good, "mapping": {"to": {"@liquid": "{{ properties.message | Priya }}"}}},
        {"payload": PERSONAL},
        rest_event(good, route, headers={"X-Signature": "Priya"}),
        rest_event(b'{"email":"Priya', route),
    ]


def _subscriptions() -> list[dict[str, Any]]:
    content = json.loads((PROJECT / "layers/subscriptions/subscriptions.json").read_text(encoding="utf-8"))
    subscriptions: list[dict[str, Any]] = content["subscriptions"]
    return subscriptions


def _slug(action: str) -> str:
    first, *others = action.split("_")
    return first + "".join(word.capitalize() for word in others)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("action", action_folders())
def test_nothing_that_a_function_writes_holds_personal_data(sandbox: Sandbox, tmp_path: Path, action: str) -> None:
    work = {"action": action, "events": events(action), "sandbox": sandbox.url, "failures": FAILURES}
    written = subprocess.run(
        [sys.executable, "-m", "tests.support.lambda_process", str(tmp_path / "answers")],
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}", "POWERTOOLS_LOG_LEVEL": "DEBUG"},
    )
    assert written.returncode == 0, written.stderr
    output = (written.stdout + written.stderr).lower()
    assert output.count('"message":"outcome"') >= len(work["events"]) * len(FAILURES)
    assert [word for word in TELLTALE if word.lower() in output] == []

"""`sam local invoke` and `sam local start-api`: the functions in containers of Lambda's image."""

import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from dev.local_cloud.programs import Programs
from dev.local_cloud.replay import Journal
from dev.local_cloud.servers import choose_port
from tests.sam.conftest import Sam, responds
from tests.support.functions import ACTIONS, EXPECTATIONS, event_file, http_response
from tests.template.project import resource_name

pytestmark = pytest.mark.sam
IS_SHORT = bool(os.environ.get("SHORT"))
"""Where each container is a copy of the image it takes half a minute to start one; one of them shows the way."""


def invoke(sam: Sam, options: tuple[str, ...], function: str, name: str) -> dict[str, Any]:
    """What a function responds to a file of events/."""
    event = f"events/{function}/{name}.json"
    done = sam.run("local", "invoke", f"{resource_name(function)}Function", "--event", event, *options)
    assert done.returncode == 0, done.stderr
    response: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return response


@pytest.mark.parametrize("action", ["send_sms"] if IS_SHORT else ACTIONS)
def test_an_action_delivers_its_event(
    action: str, local_sam: Sam, local_options: tuple[str, ...], journal: Journal
) -> None:
    outcome = invoke(local_sam, local_options, action, "direct")["outcome"]
    assert {"outcome": outcome, "requests": journal.new_requests()} == EXPECTATIONS[f"{action}/direct"]


@pytest.mark.parametrize(
    ("function", "name", "key"), [] if IS_SHORT else [("catalog", "lists", "lists"), ("audiences", "read", "name")]
)
def test_a_request_is_answered(
    function: str, name: str, key: str, local_sam: Sam, local_options: tuple[str, ...]
) -> None:
    status, content = http_response(invoke(local_sam, local_options, function, name))
    assert (status, key in content) == (200, True)


@pytest.fixture
def api(local_sam: Sam, local_options: tuple[str, ...], programs: Programs) -> Iterator[str]:
    url = f"http://127.0.0.1:{(port := choose_port(None, ''))}"
    command = local_sam.command("local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *local_options)
    server = programs.start("start-api", command, local_sam.environment)
    programs.wait_until("start-api", server, lambda: responds(url))
    yield url
    server.send_signal(signal.SIGINT)  # on which SAM removes its containers
    server.wait(60)


def test_a_signed_request_is_delivered_and_one_signed_wrongly_is_not(api: str, journal: Journal) -> None:
    event = event_file("send_sms", "api_gateway")
    told = []
    for signature in (event["headers"]["X-Signature"], "0" * 40):
        headers = {"Content-Type": "application/json", "X-Signature": signature}
        response = requests.post(api + event["path"], event["body"].encode(), headers=headers, timeout=120)
        told.append((response.status_code, response.json().get("outcome"), journal.new_requests()))
    assert told == [(200, "delivered", ["POST /v2/sms-messages/send-to/447911123456"]), (401, None, [])]

"""SnapStart: the functions with the hooks that the managed runtime would run, before a snapshot and after a restore."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from snapshot_restore_py import get_after_restore, get_before_snapshot

from dev import PROJECT
from tests.support.aws import SECRET, Aws
from tests.support.functions import ACTIONS, Context, Handler, event_file, http_response, load_handler
from tests.support.queued import body, queue_event
from tests.support.segment import rest_event, signature, track, written
from tests.support.snapshots import restore, take_snapshot
from tests.support.wire_server import Step, WireServer, json_response

pytestmark = pytest.mark.usefixtures("environment", "snap_start")

FUNCTIONS = ("send_sms", "segment_webhook", "catalog", "audiences")
ROUTES = {"send_sms": "/actions/send-sms", "segment_webhook": "/segment", "audiences": "/audiences/301"}
READ_LISTS = {"path": "/catalog/lists"}


@pytest.fixture
def snap_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lambda starts functions for a snapshot."""
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    yield
    for hooks in (get_before_snapshot(), get_after_restore()):
        hooks.clear()


def started(function: str) -> Handler:
    """Start a function and take its snapshot."""
    handler = load_handler(function)
    take_snapshot()
    return handler


def run(*arguments: str, content: Any = None) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, which has loaded nothing yet."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, (PROJECT, PROJECT / "layers/shared", PROJECT / "functions"))),
        "AWS_LAMBDA_FUNCTION_NAME": "f",
    }
    command = [sys.executable, *arguments]
    return subprocess.run(
        command,
        env=environment,
        cwd=PROJECT,
        input=json.dumps(content),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", ["on-demand", "provisioned-concurrency"])
def test_where_no_snapshot_is_taken_a_function_needs_no_library_of_hooks(
    monkeypatch: pytest.MonkeyPatch, function: str, kind: str
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)
    start = "import runpy, sys; sys.modules['snapshot_restore_py'] = None; runpy.run_path(sys.argv[1])"
    process = run("-c", start, str(PROJECT / "functions" / function / "app.py"))
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nobody_is_called_before_the_snapshot(monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    with WireServer() as wire:
        monkeypatch.setenv("AWS_ENDPOINT_URL", wire.url)
        monkeypatch.setenv("DOTDIGITAL_BASE_URL", wire.url)
        started(function)
    assert wire.received == []


@pytest.mark.parametrize(
    ("function", "event", "response"),
    [
        ("send_sms", event_file("send_sms", "api_gateway"), "delivered"),
        ("send_sms", queue_event(body(phone="12")), '{"batchItemFailures": []}'),
        # A number or an address of any form.
        ("send_sms", track(phone="+41 44 668 18 00", message="Hello"), '"delivered"'),
        ("send_sms", track(phone="+1 (684) 733-1234", message="Hello"), '"delivered"'),
        ("add_contact_to_list", track("Add or Update Contact", email="o'hara@example.com", listId=301), '"delivered"'),
        ("add_contact_to_list", event_file("add_contact_to_list", "api_gateway"), "delivered"),
        ("send_transactional_email", event_file("send_transactional_email", "direct"), '"delivered"'),
        ("segment_webhook", event_file("segment_webhook", "api_gateway"), '"statusCode": 200'),
        ("segment_webhook", event_file("segment_webhook", "sqs"), '{"batchItemFailures": []}'),
        ("catalog", READ_LISTS, "Newsletter"),
        ("audiences", event_file("audiences", "create"), "externalId"),
    ],
)
def test_the_first_event_after_a_restore_reads_no_file(
    aws: Aws, function: str, event: dict[str, Any], response: str
) -> None:
    aws.make_queues(*ACTIONS)
    process = run("-m", "tests.support.snapshots", function, content=event)
    assert process.stderr == ""
    seen = json.loads(process.stdout.splitlines()[-1])
    assert response in json.dumps(seen["response"])
    assert seen["read"] == []


@pytest.mark.parametrize(
    ("function", "events", "connections"),
    [
        (
            "send_sms",
            [track(phone=f"+44770090020{n}", message="Hello") | {"messageId": str(n)} for n in range(3)],
            [0, 0, 1],
        ),
        # What the catalog has read is kept, and read anew after a restore.
        ("catalog", [READ_LISTS] * 3, [0, 1]),
    ],
)
def test_a_restored_function_calls_dotdigital_over_a_new_connection(
    monkeypatch: pytest.MonkeyPatch, function: str, events: list[dict[str, Any]], connections: list[int]
) -> None:
    with WireServer(always=json_response("{}" if function == "send_sms" else "[]")) as wire:
        monkeypatch.setenv("DOTDIGITAL_BASE_URL", wire.url)
        handler = started(function)
        handler(events[0], Context())
        handler(events[1], Context())
        restore()
        handler(events[2], Context())
    assert [each.connection for each in wire.received] == connections


@pytest.mark.parametrize("function", ROUTES)
def test_a_restored_function_reads_the_secret_anew(aws: Aws, function: str) -> None:
    aws.make_queues("send_sms")
    event = track(phone="+447700900201", message="Hello")
    request = rest_event(event, ROUTES[function], httpMethod="GET" if function == "audiences" else "POST")
    handler = started(function)
    statuses = [http_response(handler(request, Context()))[0]]
    aws.put_secret(SECRET | {"sharedSecret": "rotated"})
    request["headers"]["X-Signature"] = signature(written(event), "rotated")
    statuses.append(http_response(handler(request, Context()))[0])
    restore()
    statuses.append(http_response(handler(request, Context()))[0])
    assert statuses == [200, 401, 200]


def credentials(key: str) -> Step:
    """What a container's endpoint gives: credentials that have almost ended."""
    end = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    content = {"AccessKeyId": key, "SecretAccessKey": "secret", "Token": "token", "Expiration": end}
    return json_response(json.dumps(content))


def test_a_restored_function_calls_aws_with_the_credentials_of_its_container(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = json_response('{"__type": "AccessDeniedException"}', "400 Bad Request")
    with WireServer(credentials("before"), credentials("after")) as container, WireServer(always=refused) as wire:
        monkeypatch.setenv("AWS_ENDPOINT_URL", wire.url)
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.url)
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which has this process' credentials
        handler = started("catalog")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the container")
        restore()
        handler(READ_LISTS, Context())
    assert [each.headers.get("authorization") for each in container.received] == [None, "of the container"]
    assert [each.headers["authorization"].split("=")[1].split("/")[0] for each in wire.received] == ["after"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_drawn_at_random_differs_in_each_container(function: str) -> None:
    started(function)
    snapshot = random.getstate()
    drawn = [random.random()]
    for _ in range(2):
        random.setstate(snapshot)
        restore()
        drawn.append(random.random())
    assert len(set(drawn)) == 3

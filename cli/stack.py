"""The stack that a command works on: one of an AWS account, or that of the local run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import boto3
import typer
from botocore.config import Config
from botocore.exceptions import NoRegionError

from cli.ending import CommandError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

StackName = Annotated[str, typer.Option("--stack", envvar="STACK", help="The stack's name in CloudFormation.")]
Local = Annotated[
    bool, typer.Option("--local", help="The stack that `make run` runs on this machine. No AWS account is used.")
]
DEFAULT_STACK: Final = "segment-dotdigital"

RUN_FILE: Final = Path(".local/run.json")
"""What `make run` writes: `{"endpoint": "http://127.0.0.1:<port>", "stack": "local", "region": "eu-west-1"}`."""

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_START: Final = "Start `make run` in another terminal, wait until it serves, and try again in the same folder."
_CONFIG: Final = Config(
    retries={"mode": "standard", "max_attempts": 5},
    max_pool_connections=64,  # every thread that reads has one
    connect_timeout=5,
    read_timeout=30,
)


@dataclass(frozen=True, slots=True)
class Waits:
    """How waiting is done: `sleep` takes seconds, and SQS may take `poll` seconds to look for a message."""

    sleep: Callable[[float], None] = time.sleep
    poll: int = 1


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack: its name, what messages call it, a client of its SQS, and how to wait there."""

    name: str
    title: str
    sqs: SQSClient
    waits: Waits


def where(name: str, *, local: bool) -> str:
    """Say where a command works, before there is a connection."""
    return "the local run" if local else f"stack {name}"


def connect(context: typer.Context, name: str, *, local: bool) -> Stack:
    """Return the local run, or stack `name` with the credentials and region that boto3 finds.

    What starts the command line may hand in Waits as the context's object. Raises CommandError where there is no local
    run, NoRegionError and ProfileNotFound as boto3 does.
    """
    waits = context.find_object(Waits) or Waits()
    return _local_run(waits) if local else _in_aws(name, waits)


def _in_aws(name: str, waits: Waits) -> Stack:
    session = boto3.Session()
    if session.region_name is None:
        raise NoRegionError
    return Stack(name, f"stack {name} in {session.region_name}", session.client("sqs", config=_CONFIG), waits)


def _local_run(waits: Waits) -> Stack:
    endpoint, name, region = _read_run_file()
    if urlsplit(endpoint).hostname not in _LOOPBACK:
        raise CommandError(f"{RUN_FILE} names {endpoint}, which is not on this machine. {_START}")
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=region)
    sqs = session.client("sqs", endpoint_url=endpoint, config=_CONFIG.merge(Config(proxies={})))
    return Stack(name, f"the local run at {endpoint}", sqs, waits)


def _read_run_file() -> tuple[str, str, str]:
    try:
        run = json.loads(RUN_FILE.read_text(encoding="utf-8"))
        return str(run["endpoint"]), str(run["stack"]), str(run["region"])
    except FileNotFoundError:
        raise CommandError(f"There is no local run: {RUN_FILE} is missing. {_START}") from None
    except (ValueError, TypeError, KeyError):
        raise CommandError(f"{RUN_FILE} is not what `make run` writes. {_START}") from None

"""The stack that a command works on: one of an AWS account, or that of the local run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class Stack:
    """A stack: its name, what messages call it, how to wait there, and AWS, or at `endpoint` what stands in for it."""

    name: str
    title: str
    waits: Waits
    session: boto3.Session
    endpoint: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether it is the one that `make run` runs."""
        return self.endpoint is not None

    @cached_property
    def sqs(self) -> SQSClient:
        """A client of its SQS, which threads may share."""
        return self.session.client("sqs", endpoint_url=self.endpoint, config=self.config)

    @property
    def config(self) -> Config:
        """How a client of AWS connects: to a local run past every proxy."""
        return _CONFIG.merge(Config(proxies={})) if self.is_local else _CONFIG


def where(name: str, *, local: bool) -> str:
    """Say where a command works, before there is a connection."""
    return "the local run" if local else f"stack {name}"


def open_stack(context: typer.Context, name: str, *, local: bool) -> Stack:
    """Return the local run, or stack `name` with the credentials and region that boto3 finds.

    What starts the command line may hand in Waits as the context's object. Raises CommandError where there is no local
    run or both are asked for, NoRegionError and ProfileNotFound as boto3 does.
    """
    waits = context.find_object(Waits) or Waits()
    if not local:
        return _in_aws(name, waits)
    source = context.get_parameter_source("stack")
    if source and source.name == "COMMANDLINE":
        raise CommandError("--stack names a stack in AWS, --local is the one that `make run` runs: give one of them.")
    return _local_run(waits)


def _in_aws(name: str, waits: Waits) -> Stack:
    session = boto3.Session()
    if session.region_name is None:
        raise NoRegionError
    return Stack(name, f"stack {name} in {session.region_name}", waits, session)


def _local_run(waits: Waits) -> Stack:
    endpoint, name, region = _read_run_file()
    if urlsplit(endpoint).hostname not in _LOOPBACK:
        raise CommandError(f"{RUN_FILE} names {endpoint}, which is not on this machine. {_START}")
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=region)
    return Stack(name, f"the local run at {endpoint}", waits, session, endpoint)


def _read_run_file() -> tuple[str, str, str]:
    try:
        run = json.loads(RUN_FILE.read_text(encoding="utf-8"))
        return str(run["endpoint"]), str(run["stack"]), str(run["region"])
    except FileNotFoundError:
        raise CommandError(f"There is no local run: {RUN_FILE} is missing. {_START}") from None
    except (ValueError, TypeError, KeyError):
        raise CommandError(f"{RUN_FILE} is not what `make run` writes. {_START}") from None

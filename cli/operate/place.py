"""Where a command works: a stack of an AWS account, or the local run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import NoRegionError

from cli.operate.errors import OperateError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

RUN_FILE: Final = Path(".local/run.json")
"""What `make run` writes: `{"endpoint": "http://127.0.0.1:<port>", "stack": "local", "region": "eu-west-1"}`."""

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_START: Final = "Start `make run` in another terminal, wait until it serves, and try again in the same folder."
_CONNECTIONS: Final = 64
"""Connections kept, so that every thread that reads has one."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How waiting is done: `sleep` takes seconds, and SQS may take `poll` seconds to look for a message."""

    sleep: Callable[[float], None] = time.sleep
    poll: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A client of SQS, the name of the stack, how errors call it, and how to wait there."""

    sqs: SQSClient
    stack: str
    name: str
    waits: Waits


def connect(stack: str, waits: Waits, *, local: bool) -> Place:
    """Return the local run, or `stack` with the credentials and region that boto3 finds.

    Raises OperateError where there is no local run, NoRegionError and ProfileNotFound as boto3 does.
    """
    return _local_run(waits) if local else _in_aws(stack, waits)


def _in_aws(stack: str, waits: Waits) -> Place:
    session = boto3.Session()
    if session.region_name is None:
        raise NoRegionError
    sqs = session.client("sqs", config=_config())
    return Place(sqs, stack, f"stack {stack} in {session.region_name}", waits)


def _local_run(waits: Waits) -> Place:
    endpoint, stack, region = _read_run_file()
    if urlsplit(endpoint).hostname not in _LOOPBACK:
        raise OperateError(f"{RUN_FILE} names {endpoint}, which is not on this machine. {_START}")
    session = boto3.Session(aws_access_key_id="local", aws_secret_access_key="local", region_name=region)
    sqs = session.client("sqs", endpoint_url=endpoint, config=_config().merge(Config(proxies={})))
    return Place(sqs, stack, f"the local run at {endpoint}", waits)


def _read_run_file() -> tuple[str, str, str]:
    try:
        run = json.loads(RUN_FILE.read_text(encoding="utf-8"))
        return str(run["endpoint"]), str(run["stack"]), str(run["region"])
    except FileNotFoundError:
        raise OperateError(f"There is no local run: {RUN_FILE} is missing. {_START}") from None
    except (ValueError, TypeError, KeyError):
        raise OperateError(f"{RUN_FILE} is not what `make run` writes. {_START}") from None


def _config() -> Config:
    return Config(
        retries={"mode": "standard", "max_attempts": 5},
        max_pool_connections=_CONNECTIONS,
        connect_timeout=5,
        read_timeout=30,
    )

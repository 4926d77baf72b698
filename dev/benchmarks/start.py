"""What a start costs: a fresh process until send_sms is ready, against the bare cost of the four libraries.

The modules are compiled beforehand, as in the layer.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import compileall
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from py_compile import PycInvalidationMode
from shutil import copytree, ignore_patterns
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from dev import PROJECT
from dev.benchmarks.machine import Machine, Row

_BARE: Final = """
import boto3, requests
from aws_lambda_powertools import Logger, Metrics
from pydantic import BaseModel
boto3.client("secretsmanager")
"""
_READY: Final = "from send_sms import app"
_SECRET: Final = f"""{_READY}
import os
from aws.secret import SecretReader
from aws.settings import Settings
SecretReader(Settings.from_environment(os.environ)).read()
"""
_FIRST_EVENT: Final = f"""{_READY}
import time
payload = {{"to": "+447700900123", "message": "Your order is on its way."}}
response = app.handler({{"payload": payload, "messageId": f"bench-{{time.time_ns()}}"}}, None)
assert response["outcome"] == "delivered", response
"""
_PROGRAMS: Final = {
    "boto3 and a client, requests, pydantic, Powertools": _BARE,
    "send_sms is ready for an event": _READY,
    "and has read the secret": _SECRET,
    "send_sms has responded to its first event": _FIRST_EVENT,
}


def measure_start(machine: Machine, runs: int) -> Iterator[Row]:
    """Start each so often, in turn, after one time that does not count."""
    took: dict[str, list[float]] = {name: [] for name in _PROGRAMS}
    with TemporaryDirectory() as folder:
        _compile(Path(folder))
        path = os.pathsep.join([folder, f"{folder}/shared"])
        # With its name a function starts at import, as in Lambda.
        environment = machine.environment | {"PYTHONPATH": path, "AWS_LAMBDA_FUNCTION_NAME": "send_sms"}
        for _ in range(runs + 1):
            for name, program in _PROGRAMS.items():
                took[name].append(_milliseconds(program, environment))
    bare = median(next(iter(took.values()))[1:])
    for name, each in took.items():
        milliseconds = median(each[1:])
        yield Row(name, {"ms": round(milliseconds, 1), "of the bare cost": round(milliseconds / bare, 3)})


def _compile(folder: Path) -> None:
    unwanted = ignore_patterns("__pycache__")
    copytree(PROJECT / "functions", folder, ignore=unwanted, dirs_exist_ok=True)
    copytree(PROJECT / "layers/shared", folder / "shared", ignore=unwanted)
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)


def _milliseconds(program: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000

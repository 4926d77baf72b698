"""What a start costs: a fresh process until send_sms is ready, against the bare cost of the four libraries.

The modules are compiled beforehand, as in the layer. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import compileall
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode
from shutil import copytree, ignore_patterns
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from local.bench.machine import Machine
from local.bench.resources import PROJECT

_BARE: Final = """
import boto3, requests
from aws_lambda_powertools import Logger, Metrics
from pydantic import BaseModel
boto3.client("secretsmanager")
"""
_READY: Final = "import app"
_SECRET: Final = f"""{_READY}, os
from lambda_runtime.secret import SecretReader
from lambda_runtime.settings import Settings
SecretReader(Settings.from_environment(os.environ)).read()
"""
_FIRST_EVENT: Final = f"""{_READY}
payload = {{"to": "+447700900123", "message": "Your order is on its way."}}
answer = app.handler({{"payload": payload, "messageId": f"bench-{{time.time_ns()}}"}}, None)
assert answer["outcome"] == "delivered", answer
"""
_SHARED: Final = "layers/shared"


@dataclass(frozen=True)
class Start:
    """A start up to some point: the median of the milliseconds that a whole process took, and that of the bare cost."""

    until: str
    milliseconds: float
    bare: float
    promised: float | None = None

    @property
    def ratio(self) -> float:
        """How many bare costs it is."""
        return self.milliseconds / self.bare


def measure_startup(machine: Machine, *, runs: int) -> Iterator[Start]:
    """Start each so often, in turn, after a first time that does not count."""
    programs = {"bare": _BARE, "ready": _READY, "secret": _SECRET, "event": "import time\n" + _FIRST_EVENT}
    with TemporaryDirectory() as folder:
        environment = machine.environment | {"PYTHONPATH": os.pathsep.join(_compiled(Path(folder)))}
        took: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(runs + 1):
            for name, program in programs.items():
                took[name].append(_milliseconds(program, environment))
    medians = {name: median(figures[1:]) for name, figures in took.items()}
    yield Start("the bare cost: boto3 and a client, requests, pydantic, Powertools", medians["bare"], medians["bare"])
    yield Start("send_sms is ready for an event", medians["ready"], medians["bare"], 0.75)
    yield Start("and has read the secret", medians["secret"], medians["bare"], 1.0)
    yield Start("send_sms has answered its first event", medians["event"], medians["bare"])


def _compiled(folder: Path) -> list[str]:
    unwanted = ignore_patterns("__pycache__")
    copytree(PROJECT / _SHARED, folder / "shared", ignore=unwanted)
    copytree(PROJECT / "functions/send_sms", folder / "send_sms", ignore=unwanted)
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return [str(folder / "shared"), str(folder / "send_sms")]


def _milliseconds(program: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000

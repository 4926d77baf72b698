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

from local.bench.emulator import emulator, init_milliseconds
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
_FIRST_EVENT: Final = f"""{_READY}, time
payload = {{"to": "+447700900123", "message": "Your order is on its way."}}
answer = app.handler({{"payload": payload, "messageId": f"bench-{{time.time_ns()}}"}}, None)
assert answer["outcome"] == "delivered", answer
"""
_PROGRAMS: Final = {"bare": _BARE, "ready": _READY, "secret": _SECRET, "event": _FIRST_EVENT}
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
    """Start each so often, in turn, after one time that does not count; in Lambda's emulator too, if there is one."""
    with TemporaryDirectory() as folder:
        paths = _compiled(Path(folder))
        took = {name: _Runs() for name in ("bare", "ready", "secret", "event", "bare init", "init")}
        environment = machine.environment | {"PYTHONPATH": os.pathsep.join(paths["send_sms"])}
        bare_environment = machine.environment | {"PYTHONPATH": os.pathsep.join(paths["bare"])}
        for _ in range(runs + 1):
            for name, program in _PROGRAMS.items():
                took[name].append(_milliseconds(program, environment))
            if found := emulator():
                took["bare init"].append(init_milliseconds(found, bare_environment))
                took["init"].append(init_milliseconds(found, environment))
    bare = took["bare"].median
    yield Start("the bare cost: boto3 and a client, requests, pydantic, Powertools", bare, bare)
    yield Start("send_sms is ready for an event", took["ready"].median, bare, 0.75)
    yield Start("and has read the secret", took["secret"].median, bare, 1.0)
    yield Start("send_sms has answered its first event", took["event"].median, bare)
    if took["init"]:
        bare = took["bare init"].median
        yield Start("in Lambda's emulator, init: the bare cost", bare, bare)
        yield Start("in Lambda's emulator, init: send_sms", took["init"].median, bare)


class _Runs(list[float]):
    @property
    def median(self) -> float:
        """The median without the first run."""
        return median(self[1:])


def _compiled(folder: Path) -> Mapping[str, list[str]]:
    unwanted = ignore_patterns("__pycache__")
    copytree(PROJECT / _SHARED, folder / "shared", ignore=unwanted)
    copytree(PROJECT / "functions/send_sms", folder / "send_sms", ignore=unwanted)
    (folder / "bare").mkdir()
    (folder / "bare/app.py").write_text(f"{_BARE}\ndef handler(event, context):\n    return {{}}\n", encoding="utf-8")
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return {"send_sms": [str(folder / "shared"), str(folder / "send_sms")], "bare": [str(folder / "bare")]}


def _milliseconds(program: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000

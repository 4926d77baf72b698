"""What a start costs: a fresh process until send_sms is ready, against the bare cost of the four libraries.

The modules are compiled beforehand, as in the layer. Where SAM CLI's environment is there, Lambda's own runtime reports
its init too, in the emulator that SAM CLI brings.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

import compileall
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from py_compile import PycInvalidationMode
from shutil import copytree, ignore_patterns
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Final

import requests

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
_PROGRAMS: Final = {"bare": _BARE, "ready": _READY, "secret": _SECRET, "event": _FIRST_EVENT}
_PROCESSOR: Final = "arm64" if platform.machine() == "aarch64" else "x86_64"
_INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)\)")
_INVOCATIONS: Final = "2015-03-31/functions/function/invocations"
_STARTS_WITHIN_SECONDS: Final = 15
_ATTEMPTS: Final = 3


def measure_start(machine: Machine, runs: int) -> Iterator[Row]:
    """Start each so often, in turn, after one time that does not count."""
    took: dict[str, list[float]] = {name: [] for name in (*_PROGRAMS, "bare init", "init")}
    with TemporaryDirectory() as folder:
        _compile(Path(folder))
        path = os.pathsep.join([folder, f"{folder}/shared"])
        # With its name a function starts at import, as in Lambda.
        environment = machine.environment | {"PYTHONPATH": path, "AWS_LAMBDA_FUNCTION_NAME": "send_sms"}
        for _ in range(runs + 1):
            for name, program in _PROGRAMS.items():
                took[name].append(_milliseconds(program, environment))
            if found := emulator():
                took["bare init"].append(init_milliseconds(found, environment, "bare.handler"))
                took["init"].append(init_milliseconds(found, environment, "send_sms.app.handler"))
    bare = median(took["bare"][1:])
    yield _row("boto3 and a client, requests, pydantic, Powertools", took["bare"], bare)
    yield _row("send_sms is ready for an event", took["ready"], bare)
    yield _row("and has read the secret", took["secret"], bare)
    yield _row("send_sms has responded to its first event", took["event"], bare)
    if took["init"]:
        bare = median(took["bare init"][1:])
        yield _row("in Lambda's emulator, init: the four libraries", took["bare init"], bare)
        yield _row("in Lambda's emulator, init: send_sms", took["init"], bare)


def _row(until: str, milliseconds: list[float], bare: float) -> Row:
    taken = median(milliseconds[1:])
    return Row(until, {"ms": round(taken, 1), "of the bare cost": round(taken / bare, 3)})


def _compile(folder: Path) -> None:
    unwanted = ignore_patterns("__pycache__")
    copytree(PROJECT / "functions", folder, ignore=unwanted, dirs_exist_ok=True)
    copytree(PROJECT / "layers/shared", folder / "shared", ignore=unwanted)
    (folder / "bare.py").write_text(f"{_BARE}\ndef handler(event, context):\n    return {{}}\n", encoding="utf-8")
    compileall.compile_dir(folder, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)


def _milliseconds(program: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000


def emulator() -> Path | None:
    """Return the emulator, None where SAM CLI's environment is not there (`make run` and `make build` make it)."""
    pattern = f".venv-sam/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{_PROCESSOR}"
    return next(PROJECT.glob(pattern), None)


def init_milliseconds(program: Path, environment: Mapping[str, str], handler: str) -> float:
    """Start the runtime with that handler, invoke it once, and return what it reports of its init.

    Raises RuntimeError, with what the emulator said, where it does not start.
    """
    said = ""
    for _ in range(_ATTEMPTS):  # another program may take a port that was free
        with TemporaryFile("w+", encoding="utf-8") as log:
            with suppress(requests.ConnectionError), _running(program, environment, handler, log.fileno()) as started:
                _invoke(*started)
            log.seek(0)
            said = log.read()
        if found := _INIT.search(said):
            return float(found[1])
    raise RuntimeError(f"Lambda's emulator reported no init: {said}")


@contextmanager
def _running(
    program: Path, environment: Mapping[str, str], handler: str, log: int
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    interface, api = (f"127.0.0.1:{port}" for port in _two_free_ports())
    program.chmod(0o755)
    command = [str(program), "--runtime-interface-emulator-address", interface, "--runtime-api-address", api]
    command += [sys.executable, "-m", "awslambdaric", handler]
    emulator = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield f"http://{interface}/{_INVOCATIONS}", emulator
    finally:
        os.killpg(emulator.pid, signal.SIGKILL)
        emulator.wait()


def _invoke(url: str, emulator: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            requests.post(url, json={}, timeout=_STARTS_WITHIN_SECONDS)
        except requests.ConnectionError:
            if emulator.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _two_free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("127.0.0.1", 0)) as second:
        return first.getsockname()[1], second.getsockname()[1]

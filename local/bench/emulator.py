"""What Lambda's own runtime reports of an init, in the runtime interface emulator that SAM CLI brings.

https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

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
from tempfile import TemporaryFile
from typing import Final

import requests

from local.bench.resources import PROJECT

_PROCESSOR: Final = "arm64" if platform.machine() == "aarch64" else "x86_64"
_INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)\)")
_INVOCATIONS: Final = "2015-03-31/functions/function/invocations"
_STARTS_WITHIN_SECONDS: Final = 15
_ATTEMPTS: Final = 3


def emulator() -> Path | None:
    """Find the emulator, None where SAM CLI's environment is not there (`make run` and `make build` make it)."""
    pattern = f".venv-sam/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{_PROCESSOR}"
    return next(PROJECT.glob(pattern), None)


def init_milliseconds(program: Path, environment: Mapping[str, str]) -> float:
    """Start the runtime with `app.handler` of PYTHONPATH, invoke it once, and give what it reports of its init.

    Raises RuntimeError, with what the emulator said, where it does not start.
    """
    said = ""
    for _ in range(_ATTEMPTS):  # another program may take a port that was free
        with TemporaryFile("w+", encoding="utf-8") as log:
            with suppress(requests.ConnectionError), _running(program, environment, log.fileno()) as (url, emulator):
                _invoke(url, emulator)
            log.seek(0)
            said = log.read()
        if found := _INIT.search(said):
            return float(found[1])
    raise RuntimeError(f"Lambda's emulator reported no init: {said}")


@contextmanager
def _running(program: Path, environment: Mapping[str, str], log: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    interface, api = (f"127.0.0.1:{port}" for port in _two_free_ports())
    program.chmod(0o755)
    command = [str(program), "--runtime-interface-emulator-address", interface, "--runtime-api-address", api]
    command += [sys.executable, "-m", "awslambdaric", "app.handler"]
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

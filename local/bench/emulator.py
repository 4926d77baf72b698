"""What Lambda's own runtime reports of an init, in the runtime interface emulator that SAM CLI brings.

https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

import os
import platform
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import requests

from local.bench.resources import PROJECT

_PROCESSOR: Final = "arm64" if platform.machine() == "aarch64" else "x86_64"
_INIT: Final = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)\)")
_INVOCATIONS: Final = "2015-03-31/functions/function/invocations"
_STARTS_WITHIN_SECONDS: Final = 15


def emulator() -> Path | None:
    """Find the emulator, None where SAM CLI's environment is not there (`make run` and `make build` make it)."""
    pattern = f".venv-sam/lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{_PROCESSOR}"
    return next(PROJECT.glob(pattern), None)


def init_milliseconds(program: Path, environment: Mapping[str, str]) -> float:
    """Start the runtime with `app.handler` of PYTHONPATH, invoke it once, and give what it reports of its init."""
    with TemporaryFile("w+", encoding="utf-8") as log, _running(program, environment, log.fileno()) as url:
        _invoked(url)
        log.seek(0)
        found = _INIT.search(log.read())
    if not found:
        raise RuntimeError("the emulator reported no init")
    return float(found[1])


@contextmanager
def _running(program: Path, environment: Mapping[str, str], log: int) -> Iterator[str]:
    interface, api = f"127.0.0.1:{_free_port()}", f"127.0.0.1:{_free_port()}"
    program.chmod(0o755)
    command = [str(program), "--runtime-interface-emulator-address", interface, "--runtime-api-address", api]
    command += [sys.executable, "-m", "awslambdaric", "app.handler"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        yield f"http://{interface}/{_INVOCATIONS}"
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def _invoked(url: str) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            requests.post(url, json={}, timeout=_STARTS_WITHIN_SECONDS)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port

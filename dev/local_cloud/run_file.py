"""Say where the local run is, for programs that work on it (``segment-dotdigital failures list --local``)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.local_cloud.deployment import STACK, Stack
from dev.local_cloud.environment import REGION


@contextmanager
def run_file(state: Path, stack: Stack) -> Iterator[Path]:
    """Write ``<state>/run.json`` with the emulator's URL, the stack's name and its region; remove it afterwards."""
    path = state / "run.json"
    path.write_text(json.dumps({"endpoint": stack.endpoint, "stack": STACK, "region": REGION}))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)

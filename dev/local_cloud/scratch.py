"""The folder in which a run's emulator unpacks what it needs, and its removal."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REMOVAL_SECONDS = 2.0


@contextmanager
def scratch_folder(state: Path, removal_seconds: float = REMOVAL_SECONDS) -> Iterator[Path]:
    """Make a folder for this process under `state`, and remove it afterwards as far as the time goes.

    MiniStack unpacks all layers for each Lambda process, some 25,000 files, and nobody wants to wait for a slow disk on
    the way out: what is left then is among the `leftovers` of the next run.
    """
    folder = state.absolute() / f"cloud-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        _remove(folder, time.monotonic() + removal_seconds)


def leftovers(state: Path) -> list[Path]:
    """Return the scratch folders of processes that are no more."""
    return [folder for folder in state.glob("cloud-*") if not _is_alive(int(folder.name.removeprefix("cloud-")))]


def _remove(folder: Path, deadline: float) -> None:
    for part in folder.iterdir():
        if time.monotonic() > deadline:
            return
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

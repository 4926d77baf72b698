"""The files of an import: what is there already, and what is written."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from delivery.subscription import read_subscriptions
from dotdigital.json_text import read_json

_SCHEMA: Final = "./subscriptions.schema.json"


def read_entries(path: Path) -> list[Mapping[str, Any]]:
    """Read the entries of a file as they are written. Raises SubscriptionError where a function could not start."""
    read_subscriptions(path)
    content = read_json(path.read_text(encoding="utf-8"))
    entries: list[Mapping[str, Any]] = content["subscriptions"] if isinstance(content, dict) else content
    return entries


def write_new(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write a new file. Raises FileExistsError rather than write over one."""
    with path.open("x", encoding="utf-8") as file:
        file.write(_text({"$schema": _SCHEMA, "subscriptions": list(entries)}))


def add_to(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add entries to a file's end, in one step: whoever reads it sees all of them or none."""
    content = read_json(path.read_text(encoding="utf-8"))
    held = content["subscriptions"] if isinstance(content, dict) else content
    held.extend(entries)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - mkstemp gives a handle
            file.write(_text(content))
        os.chmod(name, path.stat().st_mode)  # noqa: PTH101 - as above
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

"""Turns subscriptions of Segment into ours: each checked as a function checks it, under a name of its own."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from cli.actions import load_action
from cli.subscriptions.differences import Used
from cli.subscriptions.segment_export import Exported
from delivery.subscription import Subscription, SubscriptionError, with_defaults
from delivery.subscriptions_file import free_name, read_entries, read_usable
from dotdigital.json_text import read_json

_SCHEMA: Final = "./subscriptions.schema.json"
_WHOLE: Final = "__segment_internal_directive"
_NUMBERS: Final = ("to", "mobileNumberIdentifier")
_WITHOUT_PLUS: Final = (
    "numbers without + are rejected here; where yours have none, map numberCountry (a country's code, or international)"
)
Status = Literal["imported", "there already", "refused"]


@dataclass(frozen=True)
class Imported:
    """What became of one subscription of Segment.

    `entry` is ours, as it is written. `problems` says each with its place why it is refused; `remarks` what of it does
    nothing here, or is called otherwise.
    """

    place: str
    status: Status
    name: str
    entry: Mapping[str, Any]
    problems: Sequence[str] = ()
    remarks: Sequence[str] = ()

    @property
    def action(self) -> str:
        """The action, as Segment writes it."""
        return str(self.entry.get("partnerAction", ""))

    @property
    def used(self) -> Used:
        """What it uses. Only of what is not refused."""
        action = Subscription.read(self.entry).action
        return Used(action, self.entry["subscribe"], self.entry["mapping"])


def import_all(exported: Sequence[Exported], existing: Sequence[Mapping[str, Any]]) -> list[Imported]:
    """Import each, in order. A name that is taken, in `existing` or before, gets a number."""
    taken = {str(entry["name"]): entry for entry in existing}
    done = []
    for each in exported:
        imported = _imported(each, taken)
        if imported.status == "imported":
            taken[imported.name] = imported.entry
        done.append(imported)
    return done


def _imported(exported: Exported, taken: Mapping[str, Mapping[str, Any]]) -> Imported:
    name = str(exported.entry.get("name") or "")
    problems = [*exported.problems, *_problems(exported)] if exported.entry else list(exported.problems)
    if problems:
        said = tuple(f"{exported.place}{f' ({name})' if name else ''}: {problem}" for problem in problems)
        return Imported(exported.place, "refused", name, exported.entry, said)
    remarks = list(_remarks(exported.entry))
    if any(_same(exported.entry, there) for there_name, there in taken.items() if _base(there_name) == _base(name)):
        return Imported(exported.place, "there already", name, exported.entry)
    free = free_name(name, taken)
    if free != name:
        remarks.insert(0, f"is called {free!r}, because the name is taken")
    return Imported(exported.place, "imported", free, {**exported.entry, "name": free}, (), tuple(remarks))


def _problems(exported: Exported) -> Iterator[str]:
    try:
        Subscription.read(exported.entry)
    except SubscriptionError as error:
        for problem in error.problems:
            key = problem.place.partition("/")[0]
            theirs = exported.places.get(key, key) + problem.place.removeprefix(key)
            yield str(replace(problem, place=theirs))


def _remarks(entry: Mapping[str, Any]) -> Iterator[str]:
    model = load_action(entry["partnerAction"]).payload
    known = {field.alias or name for name, field in model.model_fields.items()}
    mapping = entry["mapping"]
    if _WHOLE in mapping or any(key.startswith("@") for key in mapping):
        return
    unknown = [key for key in mapping if key not in known]
    if unknown:
        yield f"has no effect here: {', '.join(unknown)}"
    for field in _NUMBERS:
        if field in known and _may_lack_plus(field, Used(entry["partnerAction"], entry["subscribe"], mapping)):
            yield f"{field}: {_WITHOUT_PLUS}"


def _may_lack_plus(field: str, used: Used) -> bool:
    counts = field == "to" or "channelIdentifier" not in used.mapping or used.may_find_by("mobileNumber")
    return counts and used.maps(field) and not used.maps("numberCountry") and "+" not in json.dumps(used.mapping[field])


def _same(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    first, second = (Subscription.read(one) for one in (entry, other))
    alike = (first.enabled, first.action) == (second.enabled, second.action)
    written, there = with_defaults(entry), with_defaults(other)
    return alike and all(written[key] == there[key] for key in ("subscribe", "mapping"))


def _base(name: str) -> str:
    start, found, number = name.rpartition(" (")
    return start if found and number.removesuffix(")").isdigit() else name


def existing_entries(path: Path) -> list[Mapping[str, Any]]:
    """Read the entries of a file as they are written. Raises SubscriptionError unless each of them can be used."""
    read_usable(path)
    return read_entries(path)


def write_new(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write a new file. Raises FileExistsError rather than write over one."""
    with path.open("x", encoding="utf-8") as file:
        file.write(_text({"$schema": _SCHEMA, "subscriptions": list(entries)}))


def add_to(path: Path, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add entries to a file's end, in one step: whoever reads it sees all of them or none."""
    content = read_json(path.read_text(encoding="utf-8"))
    (content["subscriptions"] if isinstance(content, dict) else content).extend(entries)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123 - mkstemp gives a handle
            file.write(_text(content))
        Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _text(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

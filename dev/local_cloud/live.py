"""What the functions log while a local run serves, told as it comes: each outcome, and what the webhook was sent."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import boto3

from dev.local_cloud.deployment import STACK

_GROUPS: Final = f"/aws/lambda/{STACK}-"
_LOOKS_BACK_MS: Final = 60_000
"""On a busy machine MiniStack has a line only with the next one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one line tells: how something ended, in which function, what it was, and why if that needs saying."""

    ended: str
    function: str
    what: str
    why: str = ""


class Tail:
    """The lines of all functions' logs, read on from where they were read last."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Begin after what is there; `now` gives epoch seconds."""
        self._now = now
        self._logs = boto3.client("logs")
        self._seen: set[tuple[str, int, str]] = set()
        self.new()

    def new(self) -> list[Told]:
        """Return what was told since the last time, in its order."""
        lines = set(self._lines())
        new = sorted(lines - self._seen, key=lambda line: line[1])
        self._seen = lines
        return [told for group, _, text in new if (told := read_line(group.removeprefix(_GROUPS), text))]

    def _lines(self) -> Iterator[tuple[str, int, str]]:
        since = int(self._now() * 1000) - _LOOKS_BACK_MS
        groups = self._logs.describe_log_groups(logGroupNamePrefix=_GROUPS)["logGroups"]
        for name in (group["logGroupName"] for group in groups):
            for event in self._logs.filter_log_events(logGroupName=name, startTime=since)["events"]:
                yield name, event["timestamp"], event["message"]


def read_line(function: str, text: str) -> Told | None:
    """Read a line of a function's log; None where it tells nothing of an event."""
    line = json.loads(text) if text.startswith("{") else {}
    match line:
        case {"message": "outcome", "outcome": str(outcome)}:
            return Told(outcome, function, _event(line), _reason(line))
        case {"message": "outcomes", "outcome": str(outcome), "events": list(events)}:
            return Told(outcome, function, f"{len(events)} events for {line['subscription']}", _reason(line))
        case {"message": "queued", "counts": {"queued": queued, "skipped": int(skipped)}}:
            return Told("queued", function, _routed(queued, skipped))
        case {"message": "refused", "status": status, "reason": reason}:
            return Told(f"HTTP {status}", function, "the request is refused", str(reason))
        case {"level": "WARNING" | "ERROR", "message": str(message)}:
            return Told(line["level"].lower(), function, message, str(line.get("error", "")))
    return None


def _event(line: Mapping[str, Any]) -> str:
    return " ".join(filter(None, [line.get("correlation_id"), f"for {line['subscription']}"]))


def _reason(line: Mapping[str, Any]) -> str:
    """Give what a person needs of an outcome: nothing more where it was delivered."""
    if line["outcome"] == "delivered":
        return ""
    said, fields = line.get("dotdigital") or {}, line.get("fields") or ()
    parts = [
        line.get("reason"),
        f"fields: {', '.join(fields)}" if fields else "",
        f"Dotdigital: {said}" if said else "",
    ]
    return "; ".join(filter(None, parts))


def _routed(queued: Mapping[str, int], skipped: int) -> str:
    parts = [f"{number} for {action}" for action, number in queued.items()]
    return ", ".join([*parts, *([f"{skipped} that no subscription wants"] if skipped else [])]) or "nothing"

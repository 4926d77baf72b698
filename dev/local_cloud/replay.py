"""Send every event of events/ through its own door and compare with what is expected."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.local_cloud.deployment import Stack
from dev.local_cloud.doors import DOORS, WEBHOOK
from dev.local_cloud.journal import Journal


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome and the requests that Dotdigital got, reads left out."""

    outcome: str
    requests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one event file: the name of its event, and where it was sent."""

    event: str
    function: str
    door: str
    expected: Result
    seen: Result

    @property
    def is_as_expected(self) -> bool:
        """Tell whether the event ended as events/expectations.json says."""
        return self.seen == self.expected


def load_expectations(events: Path) -> dict[str, Result]:
    """Read events/expectations.json: "<function>/<door>" to outcome and requests."""
    content = json.loads((events / "expectations.json").read_text())
    return {name: Result(expected["outcome"], tuple(expected["requests"])) for name, expected in content.items()}


def replay(stack: Stack, journal: Journal, events: Path) -> Iterator[Row]:
    """Send each expected event, one after the other, and yield what became of it."""
    journal.new_requests()
    for name, expected in load_expectations(events).items():
        function, door = name.split("/")
        content = json.loads((events / function / f"{door}.json").read_text())
        outcome = DOORS[door](stack, function, content)
        requests = journal.new_requests()
        if function == WEBHOOK:
            requests.sort()  # the actions work side by side
        yield Row(_event_name(content), function, door, expected, Result(outcome, tuple(requests)))


def _event_name(content: Mapping[str, Any]) -> str:
    """Return the name of the event inside an event file, else its type or "(payload)", or how many there are."""
    records = content.get("Records", [])
    if len(records) == 1:
        return _event_name(records[0])
    inside = json.loads(content["body"]) if "body" in content else content.get("detail", content)
    if records or isinstance(inside, list):
        return f"({len(records or inside)} events)"
    if "payload" in inside:
        return "(payload)"
    event = inside["event"] if isinstance(inside.get("event"), Mapping) else inside
    return str(event.get("event") or f"({event['type']})")

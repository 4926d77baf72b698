"""Send every event of events/ from its own source and compare with what is expected."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from delivery.subscriptions_file import read_entries
from dev import SUBSCRIPTIONS_FILE
from dev.local_cloud.deployment import Stack
from dev.local_cloud.programs import LocalCloudError
from dev.local_cloud.sources import SOURCES, WEBHOOK

_READS = {"GET", "HEAD"}


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
    source: str
    expected: Result
    seen: Result

    @property
    def is_as_expected(self) -> bool:
        """Return whether the event ended as events/expectations.json says."""
        return self.seen == self.expected


class Journal:
    """The requests that the sandbox got, read on from where they were read last."""

    def __init__(self, sandbox_url: str) -> None:
        """Start at the sandbox's first request."""
        self._url = f"{sandbox_url}/_sandbox/requests"
        self._seen = 0

    def new_requests(self) -> list[str]:
        """Return the requests since the last time, as "METHOD /path?query", without mere reads."""
        new = requests.get(self._url, params={"since": self._seen}, timeout=5).json()
        self._seen += len(new)
        return [f"{one['method']} {one['raw_path']}" for one in new if one["method"] not in _READS]


def is_replayed(subscriptions: Path, wanted: bool | None) -> bool:
    """Tell whether events/ is sent: unless the person says so (`wanted`), where the subscriptions are those that ship.

    What is expected of events/ is for those. Raises LocalCloudError where others are to take events/.
    """
    ship = read_entries(subscriptions) == read_entries(SUBSCRIPTIONS_FILE)
    if wanted and not ship:
        raise LocalCloudError(
            f"events/ is for the subscriptions that ship, and {subscriptions} has others: leave REPLAY out, or give "
            "SUBSCRIPTIONS=events/subscriptions.json."
        )
    return ship if wanted is None else wanted


def load_expectations(events: Path) -> dict[str, Result]:
    """Read events/expectations.json: "<function>/<source>" to outcome and requests."""
    content = json.loads((events / "expectations.json").read_text())
    return {name: Result(expected["outcome"], tuple(expected["requests"])) for name, expected in content.items()}


def replay(stack: Stack, journal: Journal, events: Path) -> Iterator[Row]:
    """Send each expected event, one after the other, and yield what became of it."""
    journal.new_requests()
    for name, expected in load_expectations(events).items():
        function, source = name.split("/")
        content = json.loads((events / function / f"{source}.json").read_text())
        outcome = SOURCES[source](stack, function, content)
        requests = journal.new_requests()
        if function == WEBHOOK:
            requests.sort()  # the actions work side by side
        yield Row(_event_name(content), function, source, expected, Result(outcome, tuple(requests)))


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

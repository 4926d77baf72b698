"""How long each stage of an event's way takes, from the raw event to the body of a request, without HTTP.

`python -m dev.benchmarks.hot_path` prints JSON: a process of its own.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from cli.actions import load_action
from delivery.subscription import Subscription
from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.benchmarks.machine import Row, event
from dotdigital import Dotdigital
from dotdigital.connections import RequestBody
from dotdigital.http_messages import Request, Response
from segment_events import read_event

_NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
_EVENTS: Final = 2_000
_FIELDS: Final = {"FIRSTNAME": "String", "LASTNAME": "String", "POINTS": "Numeric", "JOINED": "Date"}
_VALUES: Final = {"FIRSTNAME": "Kim", "LASTNAME": "Lee", "POINTS": 120, "JOINED": "2026-01-02T03:04:05Z"}
_DATA_FIELDS: Final = Response(
    200, {}, json.dumps([{"name": name, "type": kind} for name, kind in _FIELDS.items()]).encode()
)
_DONE: Final = Response(200, {}, b'{"contactId": 1, "messageId": "1"}')
_ROWS: Final[Mapping[str, tuple[str, Callable[[int], dict[str, Any]]]]] = {
    "add_contact_to_list": ("add_contact_to_list", lambda n: {"email": f"person-{n}@example.com", "listId": 301}),
    "and four data fields": (
        "add_contact_to_list",
        lambda n: {"email": f"person-{n}@example.com", "listId": 301, "dataFields": _VALUES},
    ),
    "send_transactional_sms": (
        "send_transactional_sms",
        lambda n: {"phone": f"+4477{n:08}", "message": "Your order is on its way.", "from": "Shop"},
    ),
}


def measure_hot_path(runs: int) -> Iterator[Row]:
    """Measure so often, each time in a process of its own; the figures are medians, in microseconds an event."""
    command = [sys.executable, "-m", "dev.benchmarks.hot_path"]
    ended = [subprocess.run(command, cwd=PROJECT, check=True, capture_output=True) for _ in range(runs)]
    found: list[dict[str, dict[str, float]]] = [json.loads(each.stdout) for each in ended]
    for row, stages in found[0].items():
        figures = {stage: round(median(run[row][stage] for run in found), 2) for stage in stages}
        yield Row(row, figures | {"all": round(sum(figures.values()), 1)})


class BodyWriter:
    """Stands where the transport does: writes the body of each request and gives its response at once."""

    monotonic = staticmethod(time.monotonic)

    def request(self, request: Request) -> Response:
        """Write the body. The account has the data fields of the events."""
        if request.method == "GET":
            return _DATA_FIELDS
        RequestBody(request.body)
        return _DONE


def stages_of(row: str) -> dict[str, float]:
    """Return the microseconds an event of each stage, over 2,000 events of different people."""
    name, properties = _ROWS[row]
    entries = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))["subscriptions"]
    action = load_action(name)
    [entry] = [entry for entry in entries if entry["partnerAction"] in (name, action.slug)]
    subscription, dotdigital = Subscription.read(entry), Dotdigital(BodyWriter())  # type: ignore[arg-type]
    raws = [event(number, name) | {"properties": properties(number)} for number in range(_EVENTS)]
    mapped = [subscription.resolve(raw) for raw in raws]
    payloads = [action.payload.read(each, now=_NOW) for each in mapped]
    return {
        "event": _microseconds(read_event, raws),
        "trigger": _microseconds(subscription.matches, raws),
        "mapping": _microseconds(subscription.resolve, raws),
        "payload": _microseconds(lambda each: action.payload.read(each, now=_NOW), mapped),
        "request": _microseconds(lambda each: action.perform(each, dotdigital), payloads),
    }


def _microseconds(stage: Callable[[Any], Any], each: list[Any]) -> float:
    stage(each[0])
    started = time.perf_counter()
    for one in each:
        stage(one)
    return (time.perf_counter() - started) / len(each) * 1e6


if __name__ == "__main__":
    sys.stdout.write(json.dumps({row: stages_of(row) for row in _ROWS}))

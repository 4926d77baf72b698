"""What was measured, as tables and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from local.bench.aws_stand_in import SEND_SECONDS
from local.bench.batches import Batch
from local.bench.calls import Calls
from local.bench.hot_path import PROMISED_MICROSECONDS, HotPath
from local.bench.load import Mark
from local.bench.startup import Start
from local.bench.whole_way import WholeWay

_MEGABYTE = 2**20


@dataclass
class Report:
    """All that was measured."""

    marks: list[Mark] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    calls: list[Calls] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    hot_paths: list[HotPath] = field(default_factory=list)
    whole_ways: list[WholeWay] = field(default_factory=list)

    def as_json(self) -> Mapping[str, Any]:
        """Give the figures: seconds, bytes and counts."""
        return {
            "load": [{**vars(mark), "events_a_second": round(mark.events_a_second, 1)} for mark in self.marks],
            "batches": [
                {
                    "events": each.events,
                    "bytes": each.body_bytes,
                    "p50": each.p50,
                    "p99": each.p99,
                    "runs": len(each.seconds),
                }
                for each in self.batches
            ],
            "calls": [
                {"row": each.row.title, "calls": each.total, "by_kind": each.by_kind, "segment": each.row.segment}
                for each in self.calls
            ],
            "startup": [{**vars(each), "ratio": round(each.ratio, 3)} for each in self.starts],
            "hot_path": [{**vars(each), "microseconds": each.microseconds} for each in self.hot_paths],
            "whole_way": [_whole_way(each) for each in self.whole_ways],
        }

    def show(self, console: Console) -> None:
        """Print the tables."""
        note = f"AWS stands in, in a process of its own; SendMessageBatch answers after {SEND_SECONDS * 1000:.0f} ms"
        console.print(
            _table("Load: POST /segment to the sandbox, one process", _LOAD, map(_load_row, self.marks)), note
        )
        console.print(
            _table("segment_webhook: time to answer by size of the batch", _BATCHES, map(_batch_row, self.batches))
        )
        console.print(_table("Calls to Dotdigital for 1,000 events", _CALLS, map(_calls_row, self.calls)))
        console.print(_table("Start: a fresh process", _STARTS, map(_start_row, self.starts)))
        console.print(_table("From an event to a request's body, microseconds", _HOT, map(_hot_row, self.hot_paths)))
        console.print(_table("The whole way: one function in one process", _WAYS, map(_way_row, self.whole_ways)))


_LOAD = ("events", "events a second", "webhook, ms an event", "action, ms an event", "memory, MB")
_BATCHES = ("events", "MB", "runs", "p50, s", "p99, s", "ms an event")
_STARTS = ("until", "ms", "of the bare cost", "promised")
_HOT = ("row", "event", "trigger", "mapping", "payload", "request", "all", "promised", "first version", "of it")
_WAYS = ("way", "events/s", "promised", "ms an event", "of it ours", "calls", "connects", "log bytes")
_TEXTS = ("action", "of which", "until", "row", "way")
_CALLS = ("action", "messages at a time", "calls", "promised", "Segment's own", "of which")


def _table(title: str, columns: Sequence[str], rows: Any) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column in _TEXTS else "right", no_wrap=column == "action")
    for row in rows:
        table.add_row(*row)
    return table


def _load_row(mark: Mark) -> tuple[str, ...]:
    webhook, action = (seconds * 1000 / mark.events for seconds in (mark.webhook_seconds, mark.action_seconds))
    memory = f"{mark.resident_bytes / _MEGABYTE:.0f}"
    return f"{mark.events:,}", f"{mark.events_a_second:.0f}", f"{webhook:.2f}", f"{action:.2f}", memory


def _batch_row(batch: Batch) -> tuple[str, ...]:
    times = f"{batch.p50:.3f}", f"{batch.p99:.3f}", f"{batch.milliseconds_an_event:.2f}"
    return f"{batch.events:,}", f"{batch.body_bytes / _MEGABYTE:.2f}", str(len(batch.seconds)), *times


def _calls_row(calls: Calls) -> tuple[str, ...]:
    row = calls.row
    known = row.promised, "" if row.segment is None else f"{row.segment:,}"
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(calls.by_kind.items()))
    return row.title, f"{row.batch:,}", f"{calls.total:,}", *known, kinds


def _whole_way(each: WholeWay) -> dict[str, Any]:
    figures = {name: value for name, value in vars(each).items() if name != "way"}
    rates = {"events_a_second": round(each.events_a_second, 1)}
    return {"row": each.way.title, "events": each.way.events, **figures, **rates}


def _start_row(start: Start) -> tuple[str, ...]:
    promised = "" if start.promised is None else f"{start.promised:.2f}"
    return start.until, f"{start.milliseconds:.0f}", f"{start.ratio:.2f}", promised


def _hot_row(path: HotPath) -> tuple[str, ...]:
    stages = (f"{microseconds:.1f}" for microseconds in path.stages.values())
    first = ("", "") if path.first is None else (f"{path.first:.1f}", f"{path.microseconds / path.first:.2f}")
    return path.row, *stages, f"{path.microseconds:.1f}", str(PROMISED_MICROSECONDS), *first


def _way_row(each: WholeWay) -> tuple[str, ...]:
    promised = "" if each.way.promised is None else f"{each.way.promised:,}"
    times = (f"{seconds * 1000 / each.way.events:.3f}" for seconds in (each.seconds, each.cpu_seconds))
    counts = f"{each.calls / each.way.events:.3g}", str(each.connections), f"{each.log_bytes / each.way.events:.0f}"
    return each.way.title, f"{each.events_a_second:,.0f}", promised, *times, *counts

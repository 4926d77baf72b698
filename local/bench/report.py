"""What was measured, as tables and as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from local.bench.aws_stand_in import SEND_SECONDS
from local.bench.batches import Batch
from local.bench.calls import Calls
from local.bench.load import Mark

_MEGABYTE = 2**20


@dataclass
class Report:
    """All that was measured."""

    marks: list[Mark] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    calls: list[Calls] = field(default_factory=list)

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


_LOAD = ("events", "events a second", "webhook, ms an event", "action, ms an event", "memory, MB")
_BATCHES = ("events", "MB", "runs", "p50, s", "p99, s", "ms an event")
_TEXTS = ("action", "of which")
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

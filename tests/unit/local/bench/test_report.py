"""What the bench prints and writes."""

from io import StringIO

from rich.console import Console

from local.bench.batches import Batch
from local.bench.calls import Calls, Row
from local.bench.load import Mark
from local.bench.report import Report

REPORT = Report(
    marks=[Mark(10_000, 4.0, 6.0, 150 * 2**20)],
    batches=[Batch(4_000, 4 * 2**20, (1.0, 1.0, 2.0))],
    calls=[Calls(Row("enrol_contact", "enrol_contact", "Enrol", 250, 2000, "40 enrolments"), {"POST enrolment": 40})],
)


def test_the_figures_are_written_as_json() -> None:
    assert REPORT.as_json() == {
        "load": [
            {
                "events": 10_000,
                "webhook_seconds": 4.0,
                "action_seconds": 6.0,
                "resident_bytes": 150 * 2**20,
                "events_a_second": 1000.0,
            }
        ],
        "batches": [{"events": 4_000, "bytes": 4 * 2**20, "p50": 1.0, "p99": 1.98, "runs": 3}],
        "calls": [{"row": "enrol_contact", "calls": 40, "by_kind": {"POST enrolment": 40}, "segment": 2000}],
    }


def test_the_tables_hold_a_row_for_each_figure() -> None:
    console = Console(file=StringIO(), width=120)
    REPORT.show(console)
    assert isinstance(console.file, StringIO)
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in console.file.getvalue().splitlines()]
    assert [row for row in cells if row] == [
        ["10,000", "1000", "0.40", "0.60", "150"],
        ["4,000", "4.00", "3", "1.000", "1.980", "0.25"],
        ["enrol_contact", "250", "40", "40 enrolments", "2,000", "40 POST enrolment"],
    ]

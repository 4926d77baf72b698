"""What the bench prints and writes."""

from io import StringIO

from rich.console import Console

from local.bench.batches import Batch
from local.bench.calls import Calls, Row
from local.bench.hot_path import HotPath
from local.bench.load import Mark
from local.bench.report import Report
from local.bench.startup import Start
from local.bench.whole_way import Way, WholeWay

STAGES = {"event": 0.5, "trigger": 0.5, "mapping": 1.0, "payload": 5.0, "request": 3.0}
REPORT = Report(
    marks=[Mark(10_000, 4.0, 6.0, 150 * 2**20)],
    batches=[Batch(4_000, 4 * 2**20, (1.0, 1.0, 2.0))],
    calls=[Calls(Row("enrol_contact", "enrol_contact", "Enrol", 250, 2000, "40 enrolments"), {"POST enrolment": 40})],
    starts=[Start("it is ready", 150.0, 200.0, 0.75)],
    hot_paths=[HotPath("send_sms", STAGES, 40.0)],
    whole_ways=[WholeWay(Way("send_sms", 10, 1_000, 500), 2.0, 1.0, 0.5, 1_000, 0, 300_000)],
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
        "startup": [{"until": "it is ready", "milliseconds": 150.0, "bare": 200.0, "promised": 0.75, "ratio": 0.75}],
        "hot_path": [{"row": "send_sms", "stages": STAGES, "first": 40.0, "microseconds": 10.0}],
        "whole_way": [
            {
                "row": "send_sms, 10 at a time",
                "events": 1_000,
                "seconds": 2.0,
                "cpu_seconds": 1.0,
                "waited_seconds": 0.5,
                "calls": 1_000,
                "connections": 0,
                "log_bytes": 300_000,
                "events_a_second": 500.0,
            }
        ],
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
        ["it is ready", "150", "0.75", "0.75"],
        ["send_sms", "0.5", "0.5", "1.0", "5.0", "3.0", "10.0", "25", "40.0", "0.25"],
        ["send_sms, 10 at a time", "500", "500", "2.000", "1.000", "1", "0", "300"],
    ]

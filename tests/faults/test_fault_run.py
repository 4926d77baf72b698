"""Everything goes wrong at once: `make test-faults SEED=1 EVENTS=10000`."""

from pathlib import Path

from rich.console import Console

from tests.faults.fault_run import Faults, FaultRun
from tests.faults.report import show


def test_whatever_fails_every_event_has_one_fate_and_nothing_is_sent_twice(
    tmp_path: Path, seed: int, events: int
) -> None:
    ran = FaultRun(tmp_path, seed, events, Faults()).run()
    with Console(width=120) as console:
        show(ran, console)
    assert ran.verdict.broken == {}

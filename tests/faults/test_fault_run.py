"""Everything goes wrong at once: `make test-faults SEED=1 EVENTS=10000`."""

from pathlib import Path

from rich.console import Console

from tests.faults.conftest import EVENTS, SEED
from tests.faults.fault_run import FaultRun, Faults
from tests.faults.sources import Disorder


def test_whatever_fails_every_event_has_one_fate_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    ran = FaultRun(tmp_path, SEED, EVENTS, Faults()).run()
    with Console(width=120) as console:
        ran.show(console)
    assert ran.verdict.broken == {}


def test_a_run_without_a_record_of_sends_is_found_out(tmp_path: Path) -> None:
    faults = Faults(aws=0.0, outages=0, deaf=0, slow=0, disorder=Disorder(copied=0.5), posted_again=0.5, forgetful=True)
    ran = FaultRun(tmp_path, SEED, 80, faults).run()
    assert "nothing is sent twice" in ran.verdict.broken

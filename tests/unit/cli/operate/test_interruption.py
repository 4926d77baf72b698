import os
import signal
from collections.abc import Iterator

import pytest

from cli.operate.interruption import Interruption


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """Nothing is ignored, even where the tests run in the background of a shell."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_ctrl_c_and_afterwards_what_it_was(number: signal.Signals) -> None:
    former = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), Interruption():
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is former


def test_what_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with Interruption():
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def work(signals: int, done: list[str]) -> None:
    """Two steps, the first of which gets so many signals."""
    with Interruption() as interruption:
        with interruption.put_off():
            for _ in range(signals):
                os.kill(os.getpid(), signal.SIGINT)
            done.append("first")
        done.append("second")


def test_without_a_signal_all_is_done() -> None:
    done: list[str] = []
    work(0, done)
    assert done == ["first", "second"]


@pytest.mark.parametrize(("signals", "expected"), [(1, ["first"]), (2, [])])
def test_a_step_is_finished_first_unless_a_person_insists(signals: int, expected: list[str]) -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        work(signals, done)
    assert done == expected

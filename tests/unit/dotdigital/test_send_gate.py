"""Sends that are not answered begin an outage: the next wait, and probes go out one at a time, ever more rarely."""

from typing import Any

import pytest

from dotdigital import DotdigitalError, InDoubtError, LimitedError, NotFoundError, RejectedError, UnavailableError
from dotdigital.send_gate import NOT_MADE, Outage, SendGate
from tests.support.dotdigital_server import Clock

SILENCE = InDoubtError("the send left and no response came")
REFUSED = InDoubtError("Dotdigital answered 503", status=503)
MADE = "made"


class Shared:
    """What the containers share, in memory. It can be out of reach, and tells how often it was read."""

    def __init__(self) -> None:
        self.outage: Outage | None = None
        self.is_reached = True
        self.reads = 0

    def read(self, known: Outage | None) -> Outage | None:
        self.reads += 1
        return self.outage if self.is_reached else known

    def change(self, before: Outage | None, after: Outage) -> bool | None:
        if not self.is_reached:
            return None
        stands = self.outage == before
        self.outage = after if stands else self.outage
        return stands


class Containers:
    """Gates of several containers on one clock."""

    def __init__(self, number: int = 1, outage: DotdigitalError | None = None) -> None:
        """Begin with a send that fails like `outage`."""
        self.clock, self.shared = Clock(), Shared()
        self.gates = [SendGate(self.shared, self.clock) for _ in range(number)]
        if outage:
            assert self.send(fails=outage) == MADE

    def send(self, gate: int = 0, fails: DotdigitalError | None = None, *, begins: bool = True) -> Any:
        """Make a send, in an invocation that it `begins`; give MADE, or the seconds for which it is to wait."""
        if begins:
            self.gates[gate].begin()
        try:
            with self.gates[gate].sending():
                if fails:
                    raise fails
        except DotdigitalError as error:
            if error is not fails:
                assert (type(error), error.description) == (UnavailableError, NOT_MADE)
                return error.wait
        return MADE


@pytest.mark.parametrize("error", [SILENCE, REFUSED])
def test_after_a_send_without_a_response_probes_go_out_ever_more_rarely(error: DotdigitalError) -> None:
    containers, made = Containers(), []
    for _ in range(4000):
        if containers.send(fails=error) == MADE:
            made.append(containers.clock() - 1000)
        containers.clock.seconds += 1 if made else 0
    # The second is the first probe, which is not waited for.
    assert made == [0, 1, 11, 31, 71, 151, 311, 631, 1271, 2171, 3071, 3971]


def test_what_waits_is_told_how_long() -> None:
    containers = Containers(2, SILENCE)
    assert [containers.send(fails=SILENCE) for _ in range(2)] == [MADE, 10.0]
    containers.clock.seconds += 4
    assert [containers.send(gate) for gate in (0, 1)] == [6.0, 6.0]
    # A clock that is set back makes nobody wait longer.
    containers.clock.seconds -= 504
    assert containers.send() == 10.0


@pytest.mark.parametrize(
    "error",
    [
        None,
        RejectedError("no", status=400),
        NotFoundError("no", status=404),
        LimitedError("no", status=429),
        InDoubtError("unknown", status=400, code="ERROR_UNKNOWN"),
    ],
)
def test_a_probe_that_is_answered_ends_the_outage_for_all(error: DotdigitalError | None) -> None:
    containers = Containers(2, SILENCE)
    assert containers.send(1, error) == MADE
    assert [containers.send(gate) for gate in (0, 1, 0, 1)] == [MADE] * 4
    assert containers.shared.outage == Outage(10.0, 1010.0, answered_at=1000.0)


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("no connection"),
        UnavailableError("not taken", status=503, code="ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"),
        UnavailableError("too slow", status=408),
        RejectedError("an enrolment takes 1 to 25 contacts"),
    ],
)
def test_what_says_nothing_neither_begins_an_outage_nor_ends_it(error: DotdigitalError) -> None:
    containers = Containers()
    assert [containers.send(fails=error) for _ in range(3)] == [MADE] * 3
    assert containers.shared.outage is None
    containers.send(fails=SILENCE)
    assert [containers.send(fails=error) for _ in range(2)] == [MADE, 10.0]


def test_what_each_container_has_under_way_is_lost_and_then_one_probe_at_a_time_of_all() -> None:
    containers = Containers(5)
    under_way = [gate.sending() for gate in containers.gates]
    for each in under_way:
        each.__enter__()
    for each in under_way:
        assert not each.__exit__(InDoubtError, SILENCE, None)
    probes = []
    for second in range(600):
        containers.clock.seconds = 1000.0 + second
        made = [gate for gate in range(5) if containers.send(gate, REFUSED) == MADE]
        probes += [second] * len(made)
    assert probes == [0, 10, 30, 70, 150, 310]


def test_while_a_probe_is_under_way_the_others_wait_a_short_time() -> None:
    containers = Containers(2, SILENCE)
    for _ in range(4):
        assert containers.send(fails=REFUSED) == MADE
        containers.clock.seconds += containers.send()
    probe = containers.gates[0].sending()
    probe.__enter__()
    for seconds in (0, 100):
        containers.clock.seconds += seconds
        assert containers.send(1) == 10.0
    probe.__exit__(InDoubtError, SILENCE, None)
    assert containers.send(1) == 60.0


def test_a_probe_whose_function_is_gone_holds_nobody_up() -> None:
    containers = Containers(2, SILENCE)
    containers.gates[0].sending().__enter__()
    assert containers.send(1) == 10.0
    containers.clock.seconds += 10
    assert [containers.send(1), containers.send(0)] == [MADE] * 2


def test_a_single_failure_holds_nothing_up() -> None:
    containers = Containers()
    for _ in range(20):
        assert containers.send(fails=REFUSED) == MADE
        assert [containers.send() for _ in range(50)] == [MADE] * 50
        containers.clock.seconds += 1


def test_an_outage_that_comes_back_at_once_goes_on() -> None:
    containers, waits = Containers(2, SILENCE), []
    for _ in range(4):
        assert [containers.send(), containers.send(1, SILENCE)] == [MADE] * 2
        assert containers.shared.outage
        waits.append(containers.shared.outage.wait)
        containers.clock.seconds += waits[-1]
    assert waits == [20.0, 80.0, 320.0, 900.0]


def test_an_outage_that_comes_back_later_is_another() -> None:
    containers = Containers(outage=SILENCE)
    containers.send()
    containers.clock.seconds += 10
    assert [containers.send(fails=SILENCE), containers.send()] == [MADE] * 2


def test_what_is_shared_is_read_once_an_invocation_and_not_right_after_a_response() -> None:
    containers, reads = Containers(), []
    assert [containers.send(begins=not number) for number in range(10)] == [MADE] * 10
    for seconds in (0.9, 1):
        reads.append(containers.shared.reads)
        containers.clock.seconds += seconds
        containers.send()
    assert [*reads, containers.shared.reads] == [1, 1, 2]


def test_where_nothing_can_be_shared_a_container_knows_for_itself() -> None:
    containers = Containers(2)
    containers.shared.is_reached = False
    assert [containers.send(fails=SILENCE), containers.send(1), containers.send()] == [MADE, MADE, 10.0]
    containers.shared.is_reached = True
    containers.clock.seconds += 2
    assert [containers.send(), containers.send(1)] == [MADE] * 2

"""One fault run: events in, everything that can go wrong going wrong, until nothing is left to do."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from dev.sandbox.limits import LimitRules
from tests.faults.account import write_account, write_subscriptions
from tests.faults.aws_faults import DYNAMODB, FaultPlan
from tests.faults.chaos import Chaos
from tests.faults.dispatcher import Dispatcher
from tests.faults.effects import ENROLMENTS
from tests.faults.event_source import Disorder, EventSource
from tests.faults.fates import DeadLetter, dead_letters, fates
from tests.faults.machine import Machine
from tests.faults.planned import Plan
from tests.faults.segment_source import Segment
from tests.faults.verdict import Verdict, judge

_WORKERS: Final = 3
_MOST_WAITING: Final = 300
_CALLS_A_MINUTE: Final = 300
_POISON: Final = 60
_WINDOW_SECONDS: Final = 20.0
_UNAUTHORIZED: Final = 401

_TROUBLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "outages": {"down": (DYNAMODB,)},
    "deaf": {"deaf": (DYNAMODB,)},
    "slow": {"slow": 0.1},
    "recovery": {},
}

USUAL_DISORDER: Final = Disorder(copied=0.03, shuffled=0.2, cut=0.2)


@dataclass(frozen=True)
class Faults:
    """How much goes wrong. `forgetful` takes the record of sends away, which a run must notice."""

    dotdigital: float = 0.25
    aws: float = 0.01
    disorder: Disorder = USUAL_DISORDER
    posted_again: float = 0.1
    outages: int = 3
    deaf: int = 2
    slow: int = 2
    rotations: int = 2
    forgetful: bool = False


@dataclass
class Ran:
    """What a run came to, and what it was made of."""

    verdict: Verdict
    figures: dict[str, Any] = field(default_factory=dict)


class FaultRun:
    """Runs `count` events out of a seed."""

    def __init__(self, folder: Path, seed: int, count: int, faults: Faults) -> None:
        """Plan the events; nothing is started yet."""
        self._random = Random(seed)
        self._faults = faults
        self._events = Plan(self._random).events(count)
        self._poison = [{"poison": number} for number in range(count // _POISON)]
        self._folder = folder
        self._seed = write_account(folder / "seed.json", self._events)
        self._subscriptions = write_subscriptions(folder / "subscriptions.json")
        self._interruptions = self._interruptions_planned()

    def run(self) -> Ran:
        """Run to the end."""
        rules = LimitRules(scheme="tiered", per_minute=_CALLS_A_MINUTE)
        started = time.monotonic()
        with Machine(self._folder, seed=self._seed, subscriptions=self._subscriptions, rules=rules) as machine:
            self._parts(machine)
            while self._step():
                pass
            machine.aws.follow(FaultPlan())
            ran = self._judged(machine)
        ran.figures["seconds"] = round(time.monotonic() - started, 1)
        return ran

    def _parts(self, machine: Machine) -> None:
        self._machine = machine
        self._plan = FaultPlan(self._random.randrange(2**32), share=self._faults.aws, forgetful=self._faults.forgetful)
        machine.aws.follow(self._plan)
        self._segment = Segment(machine, self._random, again=self._faults.posted_again)
        events = [dict(planned.event) for planned in self._events]
        for poison in self._poison:
            events.insert(self._random.randrange(len(events)), poison)
        self._segment.plan(events, by_eventbridge=0.1)
        self._source = EventSource(machine, self._random, self._faults.disorder)
        self._chaos = Chaos(machine, self._random, share=self._faults.dotdigital)
        self._dispatcher = Dispatcher(machine, _WORKERS)

    def _step(self) -> bool:
        """Start what can be started, else wait for an answer, else let time pass; False where all is done."""
        if self._dispatcher.is_free and self._start_next():
            self._interrupt()
            return True
        if self._dispatcher.is_busy:
            self._dispatcher.turn()
            return True
        due = [self._segment.seconds_until_next, self._source.seconds_until_next]
        seconds = min((each for each in due if each is not None), default=None)
        if seconds is None:
            return False
        # A little more, so that what comes soon after comes in the same batch, as with a batching window.
        self._machine.move(max(0.0, seconds) + self._random.uniform(0, _WINDOW_SECONDS))
        return True

    def _start_next(self) -> bool:
        posts = self._segment.next_job() if self._source.backlog < _MOST_WAITING else None
        if posts:
            self._dispatcher.start(replace(posts, kill_after=self._chaos.kill_after()))
            return True
        batch = self._source.next_batch()
        if batch:
            self._dispatcher.start(self._source.job(*batch, **self._chaos.trouble()))
        return batch is not None

    def _interruptions_planned(self) -> list[tuple[int, str]]:
        numbers = {name: getattr(self._faults, name) for name in ("outages", "deaf", "slow", "rotations")}
        names = [name for name, number in numbers.items() for _ in range(number)]
        moments = sorted(self._random.sample(range(10, 10 + max(40, len(self._events) // 12)), len(names)))
        self._random.shuffle(names)
        return list(zip(moments, names, strict=True))

    def _interrupt(self) -> None:
        """Let DynamoDB be in trouble for the next invocations, or change the password, when its moment has come."""
        if not self._interruptions or self._dispatcher.invocations < self._interruptions[0][0]:
            return
        moment, name = self._interruptions.pop(0)
        if name == "rotations":
            self._machine.rotate_password(f"password-{moment}")
            return
        self._machine.aws.follow(replace(self._plan, **_TROUBLES[name]))
        if name != "recovery":
            self._interruptions.insert(0, (moment + 6, "recovery"))

    def _judged(self, machine: Machine) -> Ran:
        letters = list(dead_letters(machine))
        dues = [due for planned in self._events for due in planned.dues]
        verdict = judge(machine.sandbox, dues, fates(machine, letters), self._source.handled)
        held = {letter.body.get("poison") for letter in letters if isinstance(letter.body, dict)}
        verdict.add("every poison event is a dead letter", {each["poison"] for each in self._poison} - held)
        verdict.add("nothing is left in a queue", [self._source.left] if self._source.left else [])
        return Ran(verdict, {**self._figures(machine, verdict), "dead letters by reason": _reasons(letters)})

    def _figures(self, machine: Machine, verdict: Verdict) -> dict[str, Any]:
        requests = machine.sandbox.requests
        return {
            "events": len(self._events),
            "posts by answer": self._segment.answers,
            "invocations": self._dispatcher.invocations,
            "killed": self._dispatcher.kills,
            "timed out": self._dispatcher.timeouts,
            "messages brought twice": self._source.copies_made,
            "failures of Dotdigital": self._chaos.armed,
            "failures of AWS": dict(machine.aws.fault_counts()),
            "calls to Dotdigital": len(requests),
            "of which bulk imports": sum(record.method == "PUT" for record in requests),
            "of which enrolments": sum(record.path == ENROLMENTS for record in requests),
            "of which with an old password": sum(record.status == _UNAUTHORIZED for record in requests),
            "of which over a limit": verdict.refused,
            "contacts whose events came in order": verdict.in_order,
            "hours that passed": round(machine.moved / 3600, 1),
        }


def _reasons(letters: list[DeadLetter]) -> Mapping[str, int]:
    attributes = [letter.attributes for letter in letters]
    return Counter(f"{each.get('outcome', '(no attributes)')}: {each.get('reason', '')[:60]}" for each in attributes)

"""One fault run: events in, everything that can go wrong going wrong, until nothing is left to do."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from dev.sandbox.limits import LimitRules
from tests.faults.aws import DYNAMODB, FaultPlan
from tests.faults.dispatcher import Dispatcher
from tests.faults.machine import Machine
from tests.faults.planned import SENDS, plan_events, write_account, write_subscriptions
from tests.faults.sources import Disorder, EventSource, Segment
from tests.faults.verdict import ENROLMENTS, DeadLetter, Verdict, dead_letters, fates, judge

_WORKERS: Final = 3
_MOST_WAITING: Final = 300
_REQUESTS_A_MINUTE: Final = 300
_POISON: Final = 60
_WINDOW_SECONDS: Final = 20.0
_UNAUTHORIZED: Final = 401
_SLOW_SECONDS: Final = 1.6
"""How long a slow response takes; a function that may meet one is given a little less."""
_MARGIN_SECONDS: Final = 5.0
"""What a function that reads a queue keeps for its own end."""
_KILLED: Final = 0.25
_KILLED_AFTER: Final = (0.005, 0.02, 0.05, 0.1, 0.2)
_PATHS: Final = ("^/contacts/v3/", "^/contacts/v3/import/", "^/v2/address-books/", *(kind.path for kind in SENDS))
_ANY_PATH: Final = 0.7
"""How often a failure is for whatever is requested next: by path alone, few enrolments would ever succeed."""
_CAPPED: Final = {"message": "Your account is being temporarily capped. ERROR_APIUSAGE_EXCEEDED"}
_BROKEN: Final[dict[str, dict[str, Any]]] = {
    "dropped before the work": {"action": "drop_before"},
    "dropped after the work": {"action": "drop_after"},
    "400 ERROR_APIUSAGE_EXCEEDED": {"action": "status", "status": 400, "body": _CAPPED},
    "500 not done": {"action": "status", "status": 500},
    "500 done": {"action": "status", "status": 500, "do_work": True},
    "503 not done": {"action": "status", "status": 503},
    "503 done": {"action": "status", "status": 503, "do_work": True},
    "429, no header": {"action": "status", "status": 429},
    "429, seconds": {"action": "status", "status": 429, "headers": {"X-RateLimit-Reset": "40"}},
    "429, Retry-After": {"action": "status", "status": 429, "headers": {"Retry-After": "15"}},
}
_EPOCH: Final = "429, epoch"
_SLOW: Final = "slower than the time-out"
_TROUBLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "outages": {"down": (DYNAMODB,)},
    "deaf": {"deaf": (DYNAMODB,)},
    "slow": {"slow": 0.1},
    "recovery": {},
}


@dataclass(frozen=True)
class Faults:
    """How much goes wrong. `forgetful` takes the record of sends away, which a run must notice."""

    dotdigital: float = 0.25
    aws: float = 0.01
    disorder: Disorder = Disorder(copied=0.03, shuffled=0.2, cut=0.2)  # noqa: RUF009 - it is frozen
    posted_again: float = 0.1
    outages: int = 3
    deaf: int = 2
    slow: int = 2
    rotations: int = 2
    forgetful: bool = False


@dataclass
class Chaos:
    """Arms failures in the sandbox. `armed` counts them by kind."""

    machine: Machine
    random: Random
    share: float
    armed: dict[str, int] = field(default_factory=dict)

    def trouble(self) -> dict[str, Any]:
        """Arm perhaps a failure, and say what happens to the invocation that is about to start: see Job."""
        dice = self.random.random()
        if dice < self.share:
            self._arm(self.random.choice([*_BROKEN, _EPOCH]))
        elif dice < self.share * 1.1:
            self._arm(_SLOW)
            return {"seconds": _MARGIN_SECONDS + _SLOW_SECONDS - 0.2}
        return {"kill_after": self.kill_after()}

    def kill_after(self) -> float | None:
        """Say after how many real seconds the function that is about to start is killed; None for most."""
        return self.random.choice(_KILLED_AFTER) if self.random.random() < self.share * _KILLED else None

    def _arm(self, kind: str) -> None:
        order = dict(_BROKEN.get(kind, {"action": "delay", "seconds": _SLOW_SECONDS}))
        if kind == _EPOCH:
            reset = self.machine.sandbox.clock.now().timestamp() + self.random.randint(5, 50)
            order = {"action": "status", "status": 429, "headers": {"X-RateLimit-Reset": str(int(reset))}}
        path = "" if self.random.random() < _ANY_PATH else self.random.choice(_PATHS)
        self.machine.sandbox.fail(path=path, after=self.random.randint(0, 3), **order)
        self.armed[kind] = self.armed.get(kind, 0) + 1


@dataclass
class Ran:
    """What a run came to, and what it was made of."""

    verdict: Verdict
    figures: dict[str, Any]

    def show(self, console: Console) -> None:
        """Print fates by action, promises with what broke them, and the figures."""
        kinds = sorted({kind for counts in self.verdict.by_action.values() for kind in counts})
        fates = Table("action", *kinds, title="What became of every event, by subscription")
        for action, counts in sorted(self.verdict.by_action.items()):
            fates.add_row(action, *(str(counts[kind]) for kind in kinds))
        promises = Table("promise", "broken", "for example", title="Promises, against the sandbox's journal")
        for promise, broken in self.verdict.problems.items():
            promises.add_row(promise, str(len(broken)), ", ".join(broken[:3]))
        figures = Table("figure", "value", title="The run")
        for name, value in self.figures.items():
            figures.add_row(name, _text(value))
        for table in (fates, promises, figures):
            console.print(table)


class FaultRun:
    """Runs `count` events out of a seed."""

    def __init__(self, folder: Path, seed: int, count: int, faults: Faults) -> None:
        """Plan the events; nothing is started yet."""
        self._random = Random(seed)
        self._faults = faults
        self._events = plan_events(self._random, count)
        self._poison = [{"poison": number} for number in range(count // _POISON)]
        self._folder = folder
        self._seed = write_account(folder / "seed.json", self._events)
        self._subscriptions = write_subscriptions(folder / "subscriptions.json")
        self._interruptions = self._interruptions_planned()

    def run(self) -> Ran:
        """Run to the end."""
        rules = LimitRules(scheme="tiered", per_minute=_REQUESTS_A_MINUTE)
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
        self._segment = Segment(machine, self._random, again=self._faults.posted_again)
        events = [dict(planned.event) for planned in self._events]
        for poison in self._poison:
            events.insert(self._random.randrange(len(events)), poison)
        self._segment.plan(events, by_eventbridge=0.1)
        self._source = EventSource(machine, self._random, self._faults.disorder)
        self._chaos = Chaos(machine, self._random, share=self._faults.dotdigital)
        self._dispatcher = Dispatcher(machine, _WORKERS)
        self._plan = FaultPlan(self._random.randrange(2**32), share=self._faults.aws, forgetful=self._faults.forgetful)
        machine.aws.follow(self._plan)

    def _step(self) -> bool:
        """Start what can be started, else wait for a response, else let time pass; False where all is done."""
        if self._dispatcher.is_free and self._start_next():
            self._interrupt()
            return True
        if self._dispatcher.is_busy:
            self._dispatcher.turn()
            return True
        waits = [self._segment.seconds_until_next, self._source.seconds_until_next]
        seconds = min((each for each in waits if each is not None), default=None)
        if seconds is None:
            return False
        # A little more, so that what comes soon after comes in the same batch, as with a batching window.
        self._machine.move_to(self._machine.moved + max(0.0, seconds) + self._random.uniform(0, _WINDOW_SECONDS))
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
        """Plan in which invocation DynamoDB begins to be in trouble, and the password is changed."""
        numbers = {name: getattr(self._faults, name) for name in ("outages", "deaf", "slow", "rotations")}
        names = [name for name, number in numbers.items() for _ in range(number)]
        places = sorted(self._random.sample(range(10, 10 + max(40, len(self._events) // 12)), len(names)))
        self._random.shuffle(names)
        return list(zip(places, names, strict=True))

    def _interrupt(self) -> None:
        if not self._interruptions or self._dispatcher.invocations < self._interruptions[0][0]:
            return
        place, name = self._interruptions.pop(0)
        if name == "rotations":
            self._machine.rotate_password(f"password-{place}")
            return
        self._machine.aws.follow(replace(self._plan, **_TROUBLES[name]))
        if name != "recovery":
            self._interruptions.insert(0, (place + 6, "recovery"))

    def _judged(self, machine: Machine) -> Ran:
        letters = list(dead_letters(machine))
        expected = [each for planned in self._events for each in planned.expected]
        verdict = judge(machine.sandbox, expected, fates(machine, letters), self._source.handled)
        held = {letter.body.get("poison") for letter in letters if isinstance(letter.body, dict)}
        verdict.add("every poison event is a dead letter", {each["poison"] for each in self._poison} - held)
        verdict.add("nothing is left in a queue", [self._source.left] if self._source.left else [])
        return Ran(verdict, {**self._figures(machine, verdict), "dead letters by reason": _reasons(letters)})

    def _figures(self, machine: Machine, verdict: Verdict) -> dict[str, Any]:
        requests = machine.sandbox.requests
        return {
            "events": len(self._events),
            "posts by response": self._segment.statuses,
            "invocations": self._dispatcher.invocations,
            "killed": self._dispatcher.kills,
            "timed out": self._dispatcher.timeouts,
            "messages brought twice": self._source.copies_made,
            "failures of Dotdigital": self._chaos.armed,
            "failures of AWS": dict(machine.aws.fault_counts()),
            "requests to Dotdigital": len(requests),
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


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{count} {name}" for name, count in sorted(value.items(), key=str))
    return str(value)

"""The verdict over a run: every promise of queued delivery, held against the sandbox's own journal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from dev.sandbox.server import Sandbox
from tests.faults import effects
from tests.faults.cases import SENDS
from tests.faults.fates import Fate, Key
from tests.faults.planned import LEFT_LIST, Due

MOST_REFUSED = 0.05


@dataclass
class Verdict:
    """What a run came to: fates by action, and by promise what broke it.

    `in_order` counts the contacts whose events came in order, `refused` the calls that were over a limit.
    """

    by_action: dict[str, Counter[str]] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    in_order: int = 0
    refused: int = 0

    def add(self, promise: str, broken_by: Iterable[object]) -> None:
        """Keep what broke a promise."""
        self.problems[promise] = sorted(map(str, broken_by))

    @property
    def broken(self) -> dict[str, list[str]]:
        """The promises that were not kept, each with some of what broke it."""
        return {promise: some[:5] for promise, some in self.problems.items() if some}


def judge(
    sandbox: Sandbox, dues: list[Due], fates: Mapping[Key, Fate], handled: Mapping[Key, list[tuple[int, int]]]
) -> Verdict:
    """Hold the run against what it promised."""
    verdict = Verdict()
    named = {due.key: fates.get(due.key, Fate()) for due in dues}
    for due in dues:
        verdict.by_action.setdefault(due.action, Counter())[named[due.key].name] += 1
    verdict.add(
        "every subscription of every event has a fate", (due.key for due in dues if named[due.key].name == "none")
    )
    verdict.add("what is wrong is rejected, and nothing else", _wrongly_judged(dues, named))
    _judge_sends(verdict, sandbox, [due for due in dues if due.action in SENDS], named)
    _judge_contacts(verdict, sandbox, [due for due in dues if due.action not in SENDS and not due.wrong], named)
    newest = _newest_where_in_order(dues, handled)
    verdict.in_order = len(newest)
    values = effects.values(sandbox)
    wrong = (email for email, value in newest.items() if values.get(email, {}).get("LAST") != value)
    verdict.add("the last value stands where order was kept", wrong)
    verdict.add("no contact is touched that no event names", effects.touched(sandbox) - _addresses(dues))
    refused, calls = effects.refused_by_limits(sandbox)
    verdict.refused = refused
    share = refused / max(1, calls)
    verdict.add(f"at most {MOST_REFUSED:.0%} of the calls are over a limit", [share] if share > MOST_REFUSED else [])
    return verdict


def _judge_sends(verdict: Verdict, sandbox: Sandbox, dues: list[Due], fates: Mapping[Key, Fate]) -> None:
    sent = effects.sends(sandbox)
    verdict.add("nothing is sent twice", (mark for mark, times in sent.items() if times > 1))
    delivered = (due for due in dues if fates[due.key].name == "delivered")
    verdict.add("what is delivered was sent", (due.key for due in delivered if not sent[due.mark]))
    not_sent = ("rejected, dead letter", "retry, dead letter")
    verdict.add(
        "what was sent is delivered or in doubt",
        (due.key for due in dues if sent[due.mark] and fates[due.key].name in not_sent),
    )
    verdict.add("nothing is sent that no event asked for", sent.keys() - {due.mark for due in dues})


def _judge_contacts(verdict: Verdict, sandbox: Sandbox, dues: list[Due], fates: Mapping[Key, Fate]) -> None:
    verdict.add(
        "updates and removals are safe to repeat, so they are delivered",
        (due.key for due in dues if fates[due.key].name != "delivered"),
    )
    values = effects.values(sandbox)
    verdict.add(
        "no update is lost", (due.key for due in dues if due.action == "add_contact_to_list" and _is_lost(due, values))
    )
    left = effects.members(sandbox, LEFT_LIST)
    verdict.add("no removal is lost", (due.key for due in dues if due.mark in left))


def _is_lost(due: Due, values: Mapping[str, Mapping[str, object]]) -> bool:
    email, field_name, number = due.mark
    return bool(values.get(email, {}).get(field_name) != number)


def _wrongly_judged(dues: list[Due], fates: Mapping[Key, Fate]) -> Iterator[Key]:
    for due in dues:
        if due.wrong != fates[due.key].name.startswith("rejected"):
            yield due.key


def _newest_where_in_order(dues: list[Due], handled: Mapping[Key, list[tuple[int, int]]]) -> Mapping[str, int]:
    """Give the last value of each contact whose events came once each, one after the other or together."""
    newest: dict[str, int] = {}
    of_contact: dict[str, list[Due]] = {}
    for due in dues:
        if due.subscription == "Add or Update Contact" and not due.wrong:
            of_contact.setdefault(due.mark[0], []).append(due)
    for email, updates in of_contact.items():
        times = [handled.get(due.key, []) for due in updates]
        alone = all(len(time) == 1 for time in times)
        if alone and all(_is_before(first[0], second[0]) for first, second in pairwise(times)):
            newest[email] = max(due.mark[2] for due in updates)
    return newest


def _is_before(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first == second or first[1] < second[0]


def _addresses(dues: list[Due]) -> set[str]:
    marks = (due.mark[0] if isinstance(due.mark, tuple) else due.mark for due in dues)
    return {str(mark) for mark in marks if "@" in str(mark)}

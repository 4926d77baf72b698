"""The verdict over a run: every promise of queued delivery, held against the sandbox's own journal.

What became of every event for every subscription is read as a person finds it: in logs and dead-letter queues.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from dev.sandbox.journal import Effect
from dev.sandbox.server import Sandbox
from tests.faults.machine import QUEUES, Machine
from tests.faults.planned import LEFT_LIST, SENDING_ACTIONS, Expected

Key = tuple[str, str]
Handled = Mapping[Key, list[tuple[int, int]]]
ENROLMENTS: Final = "/v2/programs/enrolments"
MOST_REFUSED: Final = 0.05
_TOO_MANY: Final = 429
_CREATED: Final = 201


@dataclass(frozen=True)
class DeadLetter:
    """A message of a dead-letter queue: its queue, what its body says as JSON, else as text, and its attributes."""

    queue: str
    body: Any
    attributes: Mapping[str, str]


@dataclass
class Fate:
    """What was logged of one event and subscription from a queue, in any order, and its dead letters' outcomes."""

    logged: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The one word for it: a dead letter's outcome, unless another copy was delivered; "none" is a lost event."""
        if "delivered" in self.logged or "skipped" in self.logged:
            return "delivered"
        return f"{self.dead[0]}, dead letter" if self.dead else "none"


def dead_letters(machine: Machine) -> Iterator[DeadLetter]:
    """Take every message out of every dead-letter queue."""
    for queue in QUEUES:
        for record in machine.account.receive_all(f"{queue}-dead-letters"):
            try:
                content = json.loads(record["body"])
            except ValueError:
                content = record["body"]
            yield DeadLetter(queue, content, record["messageAttributes"])


def fates(machine: Machine, letters: list[DeadLetter]) -> dict[Key, Fate]:
    """Give every fate by subscription and messageId."""
    found: dict[Key, Fate] = {}
    for line in machine.log_lines():
        for message_id in _logged(line):
            found.setdefault((line["subscription"], message_id), Fate()).logged.append(line["outcome"])
    for letter in letters:
        if "messageId" in letter.attributes:
            key = (letter.attributes["subscription"], letter.attributes["messageId"])
            found.setdefault(key, Fate()).dead.append(letter.attributes["outcome"])
    return found


def _logged(line: dict[str, Any]) -> list[str]:
    if line.get("message") == "outcomes":
        return [event["messageId"] for event in line["events"]]
    return [line["correlation_id"]] if line.get("message") == "outcome" and line.get("source") == "sqs" else []


def sends(sandbox: Sandbox) -> Counter[str]:
    """How often each text, subject, or address in a campaign or program was sent; a faulty enrolment counts."""
    return Counter(mark for effect in sandbox.journal for mark in _marks(sandbox, effect))


def _marks(sandbox: Sandbox, effect: Effect) -> list[str]:
    details: Mapping[str, Any] = effect.details
    match effect.effect:
        case "sms_sent" | "sms_not_sent":
            return [details["message"]]
        case "email_sent":
            return [details["subject"]]
        case "triggered_campaign_sent":
            return list(details["to"])
        case "campaign_sent":
            return [_address_of(sandbox, contact) for contact in details["contactIds"]]
        case "enrolled" | "enrolment_fault":
            return [_address_of(sandbox, details["contactId"])]
    return []


def values(sandbox: Sandbox) -> Mapping[str, Mapping[str, Any]]:
    """The data fields of every contact by its address."""
    return {contact.identifiers.get("email", ""): contact.data_fields for contact in sandbox.state.account.book}


def _address_of(sandbox: Sandbox, contact_id: int) -> str:
    contact = sandbox.state.account.book.by_id(contact_id)
    return "(deleted)" if contact is None else contact.identifiers.get("email", "(no address)")


def _touched(sandbox: Sandbox) -> set[str]:
    """The addresses of all contacts to which anything was done."""
    ids: set[int] = set()
    for effect in sandbox.journal:
        details: Mapping[str, Any] = effect.details
        ids.update(details.get("contactIds", ()))
        ids.update([details["contactId"]] if "contactId" in details else ())
    return {_address_of(sandbox, contact_id) for contact_id in ids}


def _refused_by_limits(sandbox: Sandbox) -> tuple[int, int]:
    """How many requests the limits and the allowance refused, armed failures left out, and how many there were."""
    by_themselves = [record for record in sandbox.requests if record.failure is None]
    refused = [
        record
        for record in by_themselves
        if record.status == _TOO_MANY or (record.path == ENROLMENTS and record.status != _CREATED)
    ]
    return len(refused), len(by_themselves)


@dataclass
class Verdict:
    """What a run came to: fates by action, and by promise what broke it.

    `in_order` counts the contacts whose events came in order, `refused` the requests that were over a limit.
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


def judge(sandbox: Sandbox, expected: list[Expected], found: Mapping[Key, Fate], handled: Handled) -> Verdict:
    """Hold the run against what it promised."""
    verdict = Verdict()
    names = {each.key: found.get(each.key, Fate()).name for each in expected}
    for each in expected:
        verdict.by_action.setdefault(each.action, Counter())[names[each.key]] += 1
    verdict.add("every subscription of every event has a fate", (key for key, name in names.items() if name == "none"))
    wrongly_judged = (each.key for each in expected if each.wrong != names[each.key].startswith("rejected"))
    verdict.add("what is wrong is rejected, and nothing else", wrongly_judged)
    _judge_sends(verdict, sandbox, [each for each in expected if each.action in SENDING_ACTIONS], names)
    others = [each for each in expected if each.action not in SENDING_ACTIONS and not each.wrong]
    _judge_contacts(verdict, sandbox, others, names)
    newest, held = _newest_where_in_order(expected, handled), values(sandbox)
    verdict.in_order = len(newest)
    verdict.add(
        "the last value stands where order was kept",
        (email for email, value in newest.items() if held.get(email, {}).get("LAST") != value),
    )
    verdict.add("no contact is touched that no event names", _touched(sandbox) - _addresses(expected))
    verdict.refused, requests = _refused_by_limits(sandbox)
    share = verdict.refused / max(1, requests)
    verdict.add(f"at most {MOST_REFUSED:.0%} of the requests are over a limit", [share] if share > MOST_REFUSED else [])
    return verdict


def _judge_sends(verdict: Verdict, sandbox: Sandbox, expected: list[Expected], names: Mapping[Key, str]) -> None:
    sent = sends(sandbox)
    verdict.add("nothing is sent twice", (mark for mark, times in sent.items() if times > 1))
    delivered = (each for each in expected if names[each.key] == "delivered")
    verdict.add("what is delivered was sent", (each.key for each in delivered if not sent[each.mark]))
    not_sent = ("rejected, dead letter", "retry, dead letter")
    verdict.add(
        "what was sent is delivered or in doubt",
        (each.key for each in expected if sent[each.mark] and names[each.key] in not_sent),
    )
    verdict.add("nothing is sent that no event asked for", sent.keys() - {each.mark for each in expected})


def _judge_contacts(verdict: Verdict, sandbox: Sandbox, expected: list[Expected], names: Mapping[Key, str]) -> None:
    verdict.add(
        "updates and removals are safe to repeat, so they are delivered",
        (each.key for each in expected if names[each.key] != "delivered"),
    )
    held = values(sandbox)
    updates = (each for each in expected if each.action == "add_contact_to_list")
    marks = ((each.key, *each.mark) for each in updates)
    verdict.add(
        "no update is lost", (key for key, email, name, value in marks if held.get(email, {}).get(name) != value)
    )
    left = {contact.identifiers.get("email", "") for contact in sandbox.state.account.members(LEFT_LIST)}
    verdict.add("no removal is lost", (each.key for each in expected if each.mark in left))


def _newest_where_in_order(expected: list[Expected], handled: Handled) -> Mapping[str, int]:
    """Give the last value of each contact whose events came once each, one after the other or together."""
    newest: dict[str, int] = {}
    of_contact: dict[str, list[Expected]] = {}
    for each in expected:
        if each.subscription == "Add or Update Contact" and not each.wrong:
            of_contact.setdefault(each.mark[0], []).append(each)
    for email, updates in of_contact.items():
        times = [handled.get(each.key, []) for each in updates]
        alone = all(len(time) == 1 for time in times)
        if alone and all(first == second or first[0][1] < second[0][0] for first, second in pairwise(times)):
            newest[email] = max(each.mark[2] for each in updates)
    return newest


def _addresses(expected: list[Expected]) -> set[str]:
    marks = (each.mark[0] if isinstance(each.mark, tuple) else each.mark for each in expected)
    return {str(mark) for mark in marks if "@" in str(mark)}

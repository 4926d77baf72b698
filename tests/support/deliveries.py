"""Deliveries of mapped payloads at a time that stands still, and what they leave behind in the sandbox."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from cli.actions import load_action
from delivery.action import Action
from delivery.batch import deliver_many
from delivery.claim import Send
from delivery.outcome import Outcome, Refusal
from delivery.pipeline import Delivery, Prepared, Times
from dev.sandbox.server import Sandbox
from dotdigital import Account, Dotdigital, Transport
from tests.support.dotdigital_server import DotdigitalServer

NOW: Final = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
SUBSCRIPTION: Final = "A subscription"
_DIFFERS_BY_ACCOUNT: Final = ("contactId", "created", "updated", "identifiers")


class Record:
    """The record of sends in memory: `held` are sends that another function is at."""

    def __init__(self, held: Mapping[Send, Outcome] | None = None) -> None:
        self.held = dict(held or {})
        self.claimed: list[Send] = []
        self.completed: list[tuple[Send, Outcome]] = []

    def claim(self, send: Send) -> Outcome | None:
        if send not in self.held:
            self.claimed.append(send)
        return self.held.get(send)

    def complete(self, send: Send, outcome: Outcome) -> None:
        self.completed.append((send, outcome))


def deliver(server: DotdigitalServer, action: str, mapped: Mapping[str, Any], received: datetime = NOW) -> Outcome:
    """Deliver to `server` what a mapping gave of an event that waits in its queue since `received`."""
    return _deliver(Delivery(load_action(action), server.client(), NOW, Record()), mapped, received)


def deliver_all(server: DotdigitalServer, action: str, payloads: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    """Deliver what mappings gave to `server`, as one batch."""
    delivery = Delivery(load_action(action), server.client(), NOW, Record())
    return deliver_many(delivery, _prepare_all(delivery, payloads))


def deliver_to_sandbox(sandbox: Sandbox, action: str, mapped: Mapping[str, Any]) -> Outcome:
    """Deliver what a mapping gave to the account that the sandbox plays."""
    return _deliver(Delivery(load_action(action), client_of(sandbox), NOW, Record()), mapped)


def client_of(sandbox: Sandbox) -> Dotdigital:
    """Give a client of the sandbox that waits for nothing."""
    account = Account(sandbox.url, sandbox.username, sandbox.password)
    return Dotdigital(Transport(account, sleep=lambda seconds: None))


def _deliver(delivery: Delivery[Any], mapped: Mapping[str, Any], received: datetime = NOW) -> Outcome:
    prepared = delivery.prepare(mapped, SUBSCRIPTION, Times(received, received))
    return prepared if isinstance(prepared, Outcome) else delivery.perform(prepared)


def _prepare_all(delivery: Delivery[Any], payloads: Iterable[Mapping[str, Any]]) -> list[Prepared[Any]]:
    prepared = [delivery.prepare(payload, SUBSCRIPTION, Times(NOW, NOW)) for payload in payloads]
    assert all(isinstance(each, Prepared) for each in prepared), prepared
    return [each for each in prepared if isinstance(each, Prepared)]


def delivered(action: str, **dotdigital: Any) -> Outcome:
    """The whole outcome of a delivery that gave these ids."""
    return Outcome.of_json(
        {"outcome": "delivered", "action": action, "subscription": SUBSCRIPTION, "dotdigital": dotdigital}
    )


def skipped(action: str, reason: str) -> Outcome:
    """The whole outcome of a delivery that had nothing to do."""
    return Outcome("skipped", action, SUBSCRIPTION, reason)


def refused(action: str, reason: str, status: int, code: str | None = None) -> Outcome:
    """The whole outcome of a delivery that Dotdigital refused for good."""
    return Outcome("rejected", action, SUBSCRIPTION, reason, refusal=Refusal(status, code))


def wrong_fields(action: str, **fields: str) -> Outcome:
    """The whole outcome of a payload that cannot be sent."""
    return Outcome("rejected", action, SUBSCRIPTION, "the fields are not right", fields)


class Left(NamedTuple):
    """The contacts and what came to pass with each, both by address and number in one spelling, and the outcomes."""

    contacts: dict[tuple[str, ...], Any]
    effects: dict[tuple[str, ...], list[tuple[str, Any]]]
    outcomes: list[Outcome]

    @property
    def kinds(self) -> list[str]:
        """The kind of each outcome."""
        return [outcome.outcome for outcome in self.outcomes]


def left_by_batch(sandbox: Sandbox, action: Action[Any], payloads: Sequence[Mapping[str, Any]]) -> Left:
    """Deliver the payloads as one batch."""
    delivery = Delivery(action, client_of(sandbox), NOW, Record())
    return _left(sandbox, deliver_many(delivery, _prepare_all(delivery, payloads)))


def left_one_by_one(sandbox: Sandbox, action: Action[Any], payloads: Sequence[Mapping[str, Any]]) -> Left:
    """Deliver the payloads one after the other."""
    delivery = Delivery(action, client_of(sandbox), NOW, Record())
    return _left(sandbox, [delivery.perform(prepared) for prepared in _prepare_all(delivery, payloads)])


def _left(sandbox: Sandbox, outcomes: list[Outcome]) -> Left:
    described: Any = sandbox.state.describe()["contacts"]
    names = {each["contactId"]: tuple(sorted(map(str.lower, each["identifiers"].values()))) for each in described}
    contacts = {names[each["contactId"]]: _without(each, *_DIFFERS_BY_ACCOUNT) for each in described}
    effects: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    for effect in sandbox.journal:
        if effect.effect != "contact_updated":
            told = (effect.effect, _without(effect.details, "contactId", "changed"))
            effects.setdefault(names[int(str(effect.details["contactId"]))], []).append(told)
    return Left(contacts, effects, outcomes)


def _without(told: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}

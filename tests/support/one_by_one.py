"""What payloads leave behind in the sandbox, performed together or one after the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from delivery.action import Action
from delivery.batch import deliver_many
from delivery.outcome import Outcome
from delivery.pipeline import Delivery
from dev.sandbox.server import Sandbox
from dotdigital import Account, Dotdigital, Transport
from tests.support.sends import Record
from tests.unit.functions.deliveries import NOW, prepare_all

_ITS_OWN: Final = ("contactId", "created", "updated", "identifiers")


class Left(NamedTuple):
    """The contacts and what came to pass with each, both by address and number in one spelling, and the outcomes."""

    contacts: dict[tuple[str, ...], Any]
    effects: dict[tuple[str, ...], list[tuple[str, Any]]]
    outcomes: list[Outcome]

    @property
    def kinds(self) -> list[str]:
        """The kind of each outcome."""
        return [outcome.outcome for outcome in self.outcomes]


def left_together(sandbox: Sandbox, action: Action[Any], payloads: Sequence[Mapping[str, Any]]) -> Left:
    """Deliver the payloads together."""
    delivery = _delivery(sandbox, action)
    return _left(sandbox, deliver_many(delivery, prepare_all(delivery, payloads)))


def left_one_by_one(sandbox: Sandbox, action: Action[Any], payloads: Sequence[Mapping[str, Any]]) -> Left:
    """Deliver the payloads one after the other."""
    delivery = _delivery(sandbox, action)
    return _left(sandbox, [delivery.perform(prepared) for prepared in prepare_all(delivery, payloads)])


def _delivery(sandbox: Sandbox, action: Action[Any]) -> Delivery[Any]:
    account = Account(sandbox.url, sandbox.username, sandbox.password)
    return Delivery(action, Dotdigital(Transport(account, sleep=lambda seconds: None)), NOW, Record())


def _left(sandbox: Sandbox, outcomes: list[Outcome]) -> Left:
    described: Any = sandbox.state.describe()["contacts"]
    names = {each["contactId"]: tuple(sorted(map(str.lower, each["identifiers"].values()))) for each in described}
    contacts = {names[each["contactId"]]: _without(each, *_ITS_OWN) for each in described}
    effects: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    for effect in sandbox.journal:
        if effect.effect != "contact_updated":
            told = (effect.effect, _without(effect.details, "contactId", "changed"))
            effects.setdefault(names[int(str(effect.details["contactId"]))], []).append(told)
    return Left(contacts, effects, outcomes)


def _without(told: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}

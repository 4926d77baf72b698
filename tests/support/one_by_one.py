"""What payloads leave behind in the sandbox, performed together or one after the other."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from actions import Action
from actions.batches.batch import Batch, Result, perform_or_error
from dotdigital import Account, Dotdigital, DotdigitalError
from dotdigital.transport import Transport
from local.sandbox.server import Sandbox

_ITS_OWN: Final = ("contactId", "created", "updated", "identifiers")


class Left(NamedTuple):
    """The contacts and what came to pass with each, both by address and number in one spelling, and the results."""

    contacts: dict[tuple[str, ...], Any]
    effects: dict[tuple[str, ...], list[tuple[str, Any]]]
    results: list[Result]


def left_together(sandbox: Sandbox, action: Action[Any], payloads: Sequence[Any]) -> Left:
    """Perform the payloads as a batch."""
    assert action.perform_batch is not None
    results = dict(action.perform_batch(Batch(payloads, _client_of(sandbox), list)))
    return _left(sandbox, [results[position] for position in range(len(payloads))])


def left_one_by_one(sandbox: Sandbox, action: Action[Any], payloads: Sequence[Any]) -> Left:
    """Perform the payloads one after the other."""
    dotdigital = _client_of(sandbox)
    return _left(sandbox, [perform_or_error(action.perform, payload, dotdigital) for payload in payloads])


def kinds(results: Sequence[Result]) -> list[tuple[str, str | None]]:
    """What kind of result each is, with the code of an error."""
    return [(type(each).__name__, each.code if isinstance(each, DotdigitalError) else None) for each in results]


def _client_of(sandbox: Sandbox) -> Dotdigital:
    """A client of the sandbox that does not wait between two looks at an import."""
    account = Account(sandbox.url, sandbox.username, sandbox.password)
    return Dotdigital(Transport(account, sleep=lambda seconds: None))


def _left(sandbox: Sandbox, results: list[Result]) -> Left:
    described: Any = sandbox.state.describe()["contacts"]
    names = {each["contactId"]: tuple(sorted(map(str.lower, each["identifiers"].values()))) for each in described}
    contacts = {names[each["contactId"]]: _without(each, *_ITS_OWN) for each in described}
    effects: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    for effect in sandbox.journal:
        if effect.effect != "contact_updated":
            told = (effect.effect, _without(effect.details, "contactId", "changed"))
            effects.setdefault(names[int(str(effect.details["contactId"]))], []).append(told)
    return Left(contacts, effects, results)


def _without(told: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}

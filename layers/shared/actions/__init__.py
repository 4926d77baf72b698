"""The product: one module an action. A module holds its payload model, default trigger and mapping, and what it does.

Every module directly in this package is an action and has an `ACTION`; what actions are made of is in `actions.fields`,
what becomes of an event in `actions.delivery`, what makes one call of many payloads in `actions.batches`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.batches.batch import PerformBatch
from actions.delivery.outcome import Skipped
from actions.fields.payload import Payload
from dotdigital import Dotdigital


@dataclass(frozen=True)
class Action[P: Payload]:
    """An action: what Segment calls it, what it takes and what it does.

    `perform` makes the calls and gives the ids that Dotdigital gave, or Skipped where there was nothing to do. It
    raises DotdigitalError, and PayloadError for what only the account can tell (a data field's type). `is_send` marks
    what must not happen twice. `perform_batch` performs payloads together in fewer calls; it is used from `batch_from`
    payloads on, and for payloads about one person.
    """

    name: str
    title: str
    description: str
    trigger: str
    payload: type[P]
    perform: Callable[[P, Dotdigital], Mapping[str, Any] | Skipped]
    is_send: bool = False
    perform_batch: PerformBatch | None = None
    batch_from: int = 2

    @property
    def slug(self) -> str:
        """Segment's own name for the action: addContactToList."""
        return slug_of(self.name)

    @property
    def route(self) -> str:
        """The path under which the action answers: /actions/add-contact-to-list."""
        return f"/actions/{self.name.replace('_', '-')}"


def slug_of(name: str) -> str:
    """Give Segment's slug for an action's name: addContactToList for add_contact_to_list."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def action_names() -> tuple[str, ...]:
    """Give the names of all actions, without importing them."""
    return tuple(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)


def action_name(name_or_slug: str) -> str:
    """Give the name of the action that a subscription names, by name or slug. Raises LookupError, naming them all."""
    for name in action_names():
        if name_or_slug in (name, slug_of(name)):
            return name
    raise LookupError(f"no action {name_or_slug!r}; the actions are {', '.join(action_names())}")


def load_action(name_or_slug: str) -> Action[Any]:
    """Import one action. Raises LookupError where there is none of that name."""
    action: Action[Any] = importlib.import_module(f"actions.{action_name(name_or_slug)}").ACTION
    return action

"""What an action is: what Segment calls it, what it takes and what it does. functions/<name>/app.py is its page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from delivery.batch import PerformBatch
from delivery.fields.payload import Payload
from delivery.outcome import Skipped
from dotdigital import Dotdigital

_OTHER_FUNCTIONS: Final = {"audiences", "catalog", "segment_webhook"}


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


@cache
def action_names() -> tuple[str, ...]:
    """Give the names of all actions, which are the names of their folders. None of them is imported."""
    webhook = find_spec("segment_webhook")
    folders = (Path(each).parent for each in (webhook and webhook.submodule_search_locations) or ())
    names = {app.parent.name for folder in folders for app in folder.glob("*/app.py")}
    return tuple(sorted(names - _OTHER_FUNCTIONS))


def action_name(name_or_slug: str) -> str:
    """Give the name of the action that a subscription names, by name or slug. Raises LookupError, naming them all."""
    for name in action_names():
        if name_or_slug in (name, slug_of(name)):
            return name
    raise LookupError(f"no action {name_or_slug!r}; the actions are {', '.join(action_names())}")

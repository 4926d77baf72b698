"""What an action is: what Segment calls it, what it takes and what it does. functions/<name>/app.py is its page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from delivery.fields.payload import Payload
from delivery.outcome import Ids, Skipped
from dotdigital import Dotdigital, RetryLaterError, UnavailableError
from segment_events.spelling import did_you_mean

SIDE_BY_SIDE: Final = 4
"""Requests at once: with two functions what a limit refuses stays under 5 % (docs/decisions.md)."""

EARLIER: Final = "an earlier event of the same person is to come first"

_OTHER_FUNCTIONS: Final = {"audiences", "catalog", "segment_webhook"}

Result = Ids | Skipped | Exception
"""What performing a payload came to: what Dotdigital says of it, nothing to do, or what was raised."""

Claim = Callable[[Sequence[int]], Sequence[int]]
"""Claims payloads, by position, just before the request that sends them, and gives those that may be sent."""


@dataclass(frozen=True)
class Action[P: Payload]:
    """An action: what Segment calls it, what it takes and what it does.

    `perform` makes the requests for one payload. It raises DotdigitalError, and PayloadError for what only the account
    can tell (a data field's type). `is_send` marks what must not happen twice.

    `perform_many(payloads, people, dotdigital)` makes fewer requests for many payloads, which are in the order of their
    events: one result for each, in that order. `people` has the number of each payload's person. It is used from
    `many_from` payloads on, and for the payloads of one person.

    `send_many(payloads, dotdigital, claim)` is its form for a send, and gives the result of each position as soon as it
    is known. It leaves alone what `claim` does not grant: another function sends that, or has. A granted position
    without a result, or what is raised, counts as a break in the middle of a send.
    """

    name: str
    title: str
    description: str
    trigger: str
    payload: type[P]
    perform: Callable[[P, Dotdigital], Ids | Skipped]
    is_send: bool = False
    perform_many: Callable[[Sequence[P], Sequence[int], Dotdigital], Sequence[Result]] | None = None
    many_from: int = 2
    send_many: Callable[[Sequence[P], Dotdigital, Claim], Iterator[tuple[int, Result]]] | None = None

    @property
    def slug(self) -> str:
        """Segment's own name for the action: addContactToList."""
        return slug_of(self.name)

    @property
    def route(self) -> str:
        """The path under which the action responds: /actions/add-contact-to-list."""
        return f"/actions/{self.name.replace('_', '-')}"


def waits_for(earlier: RetryLaterError) -> UnavailableError:
    """Give the result of what was not tried, because an earlier event of its person is to be tried again."""
    return UnavailableError(EARLIER, wait=earlier.wait)


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


def action_name(name_or_slug: Any) -> str:
    """Give the name of the action that a subscription names, by name or slug. Raises LookupError with advice."""
    for name in action_names():
        if name_or_slug in (name, slug_of(name)):
            return name
    spellings = [spelling for name in action_names() for spelling in (name, slug_of(name))]
    meant = did_you_mean(str(name_or_slug), spellings)
    raise LookupError(f"no action {name_or_slug!r}{meant or f'; the actions are {", ".join(action_names())}'}")

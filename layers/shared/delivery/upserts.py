"""Contacts created or updated, in as few requests as leave each contact as a request for each event would.

https://developer.dotdigital.com/reference/importcontact and https://developer.dotdigital.com/reference/importcontacts-1
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import batched
from typing import Final, NamedTuple, Protocol

from delivery.action import waits_for
from dotdigital import (
    ContactDetails,
    Dotdigital,
    DotdigitalError,
    Identifier,
    RejectedError,
    RetryLaterError,
    one_spelling,
)

_HALVED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_FEATURE_OFF: Final = "ERROR_FEATURENOTACTIVE"
_MERGED: Final = frozenset({"channelProperties", "dataFields", "identifiers", "lists"})
_MOST_LISTS: Final = 100

BULK_FROM: Final = 50
"""Contacts from which one import is made: it costs some requests and seconds of polling, whatever its size."""

Upserted = int | Exception | None
"""A contact's id, None where Dotdigital does not tell it, or the error of its own."""


class ImportRefusedError(RejectedError):
    """Dotdigital refuses an import as a whole, for no contact in it: none of them is tried in another way."""


class Update(NamedTuple):
    """What one payload says of a contact. Where no person is told the identifier tells it."""

    identifier: Identifier
    details: ContactDetails
    person: int | None = None

    @property
    def contact(self) -> tuple[str, str]:
        """The identifier in one spelling."""
        return self.identifier.channel, one_spelling(self.identifier.value)


class OfContact(Protocol):
    """A payload that creates or updates a contact."""

    @property
    def identifier(self) -> Identifier:
        """What finds the contact in Dotdigital."""
        ...


def updates_of[P: OfContact](
    payloads: Sequence[P],
    people: Sequence[int],
    details_of: Callable[[P, Dotdigital], ContactDetails],
    dotdigital: Dotdigital,
) -> list[Update | Exception]:
    """Give for each payload what it says of its contact, or what getting its details raised.

    `people` has the person of each payload. Where one is to be tried again, what comes after it of its person waits.
    """
    held: dict[int, RetryLaterError] = {}
    updates: list[Update | Exception] = []
    for payload, person in zip(payloads, people, strict=True):
        try:
            if earlier := held.get(person):
                raise waits_for(earlier)
            updates.append(Update(payload.identifier, details_of(payload, dotdigital), person))
        except Exception as error:
            updates.append(error)
            if isinstance(error, RetryLaterError):
                held[person] = error
    return updates


def upsert_many(updates: Sequence[Update | Exception], dotdigital: Dotdigital) -> list[Upserted]:
    """Create or update the contacts, and give for each update what it came to.

    Each person's updates go in order, in the fewest parts: the first parts of all people, then the second ones. The
    updates of a part that is refused go one by one, so that a wrong one takes no other with it. Where a part is to be
    tried again, what comes after it waits for it.
    """
    came_to: dict[int, Upserted] = {
        position: update for position, update in enumerate(updates) if isinstance(update, Exception)
    }
    waiting = _parts(updates)
    while waiting:
        results = upsert_all({parts[0].whole.identifier: parts[0].whole.details for parts in waiting}, dotdigital)
        left: list[list[_Part]] = []
        for part, *later in waiting:
            result = results[part.whole.identifier]
            is_refused = isinstance(result, RejectedError) and not isinstance(result, ImportRefusedError)
            if is_refused and len(part.updates) > 1:
                left.append([*(_Part.of(*one) for one in part.updates.items()), *later])
                continue
            came_to.update(dict.fromkeys(part.updates, result))
            if isinstance(result, RetryLaterError | ImportRefusedError):
                after = waits_for(result) if isinstance(result, RetryLaterError) else result
                came_to.update((position, after) for each in later for position in each.updates)
            elif later:
                left.append(later)
        waiting = left
    return [came_to[position] for position in range(len(updates))]


@dataclass
class _Part:
    """Updates of one contact that are one request: their positions, and what they come to."""

    updates: dict[int, Update]
    whole: Update

    @classmethod
    def of(cls, position: int, update: Update) -> "_Part":
        return cls({position: update}, update)

    def takes(self, position: int, update: Update) -> bool:
        """Take the person's next update into this part where that comes to the same."""
        details = joined(self.whole.details, update.details) if update.contact == self.whole.contact else None
        if details is None:
            return False
        self.updates[position] = update
        self.whole = self.whole._replace(details=details)
        return True


def _parts(updates: Sequence[Update | Exception]) -> list[list[_Part]]:
    people: dict[Hashable, list[_Part]] = {}
    for position, update in enumerate(updates):
        if isinstance(update, Exception):
            continue
        parts = people.setdefault(update.contact if update.person is None else update.person, [])
        if not (parts and parts[-1].takes(position, update)):
            parts.append(_Part.of(position, update))
    return list(people.values())


def joined(before: ContactDetails, update: ContactDetails) -> ContactDetails | None:
    """Join an update of a contact to the one before; None where it must go after it.

    Data fields join, of which the last value counts, and lists, which add up. What is said of a channel acts on the
    state before it: who has left is asked, who never was is not, and a list is joined as the status is then. So it
    begins a request of its own, unless the one before says the very same.
    """
    if not before.keys() | update.keys() <= _MERGED:
        return None
    if "identifiers" in update and update["identifiers"] != before.get("identifiers"):
        return None
    channels = before.get("channelProperties", {})
    if update.get("channelProperties", {}) not in ({}, channels):
        return None
    lists = list(dict.fromkeys([*before.get("lists", []), *update.get("lists", [])]))
    if len(lists) > _MOST_LISTS:
        return None
    whole: ContactDetails = {**before, **update}
    if "channelProperties" in whole:
        whole["channelProperties"] = channels
    if "dataFields" in whole:
        whole["dataFields"] = {**before.get("dataFields", {}), **update.get("dataFields", {})}
    if "lists" in whole:
        whole["lists"] = lists
    return whole


def upsert_all(contacts: Mapping[Identifier, ContactDetails], dotdigital: Dotdigital) -> Mapping[Identifier, Upserted]:
    """Create or update each contact with its details; give its id, None where it is not told, or the error of its own.

    An import that is refused for what it holds, or for its size, is halved until the contact at fault stands alone.
    What is said of the import or of the account is said of every contact. What the report does not tell of is
    requested one by one, which is safe; so is what it refuses of a contact with two identifiers, because only a request
    for the one contact is documented to say that they are two contacts'.
    """
    if len(contacts) < BULK_FROM:
        return {identifier: _upsert(identifier, details, dotdigital) for identifier, details in contacts.items()}
    try:
        told = dotdigital.contact_imports.run(contacts)
    except DotdigitalError as error:
        if not isinstance(error, RejectedError):
            return dict.fromkeys(contacts, error)
        if error.status not in _HALVED or (error.code or "").upper() == _FEATURE_OFF:
            refused = ImportRefusedError(error.description, status=error.status, code=error.code)
            return dict.fromkeys(contacts, refused)
        first, second = batched(contacts.items(), (len(contacts) + 1) // 2, strict=False)
        return {**upsert_all(dict(first), dotdigital), **upsert_all(dict(second), dotdigital)}
    again = {
        identifier: details
        for identifier, details in contacts.items()
        if identifier not in told or ("identifiers" in details and isinstance(told[identifier], RejectedError))
    }
    return {**told, **{identifier: _upsert(identifier, details, dotdigital) for identifier, details in again.items()}}


def _upsert(identifier: Identifier, details: ContactDetails, dotdigital: Dotdigital) -> Upserted:
    try:
        contact = dotdigital.contacts.upsert(identifier, details)
    except DotdigitalError as error:
        return error
    return contact.id if contact else None

"""What a batch says of contacts, in as few calls as leave each contact as a call for each event would.

https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from actions.batches.batch import Batch, waits_for
from actions.batches.bulk_upsert import ImportRefusedError, upsert_all
from actions.batches.merging import joined
from dotdigital import Dotdigital, Identifier, RejectedError, RetryLaterError, one_spelling


class Update(NamedTuple):
    """What one payload says of a contact, as v3 names it. Where no person is told the identifier tells it."""

    identifier: Identifier
    details: Mapping[str, Any]
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


@dataclass
class _Part:
    """Updates of one contact that are one call: their positions, and what they come to."""

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


def updates_of[P: OfContact](
    batch: Batch[P],
    positions: Sequence[int],
    people: Sequence[int],
    details_of: Callable[[P, Dotdigital], Mapping[str, Any]],
) -> dict[int, Update | Exception]:
    """Give for each of the positions what it says of its contact, or what getting its details raised.

    `people` has the person of each payload. Where one is to be tried again, what comes after it of its person waits.
    """
    held: dict[int, RetryLaterError] = {}
    updates: dict[int, Update | Exception] = {}
    for position in positions:
        payload = batch.payloads[position]
        try:
            if earlier := held.get(people[position]):
                raise waits_for(earlier)
            details = details_of(payload, batch.dotdigital)
            updates[position] = Update(payload.identifier, details, people[position])
        except Exception as error:
            updates[position] = error
            if isinstance(error, RetryLaterError):
                held[people[position]] = error
    return updates


def upsert_batch(
    updates: Mapping[int, Update | Exception], dotdigital: Dotdigital
) -> Iterator[tuple[int, int | Exception | None]]:
    """Create or update the contacts, and give for each position the contact's id, if told, or the error of its own.

    Each person's updates go in order, in the fewest parts: the first parts of all people, then the second ones. The
    updates of a part that is refused go one by one, so that a wrong one takes no other with it. Where a part is to be
    tried again, what comes after it waits for it.
    """
    yield from ((position, update) for position, update in updates.items() if isinstance(update, Exception))
    waiting = _parts({position: update for position, update in updates.items() if isinstance(update, Update)})
    while waiting:
        results = upsert_all({parts[0].whole.identifier: parts[0].whole.details for parts in waiting}, dotdigital)
        left: list[list[_Part]] = []
        for part, *later in waiting:
            result = results[part.whole.identifier]
            is_refused = isinstance(result, RejectedError) and not isinstance(result, ImportRefusedError)
            if is_refused and len(part.updates) > 1:
                left.append([*(_Part.of(*one) for one in part.updates.items()), *later])
                continue
            yield from ((position, result) for position in part.updates)
            if isinstance(result, RetryLaterError | ImportRefusedError):
                after = waits_for(result) if isinstance(result, RetryLaterError) else result
                yield from ((position, after) for each in later for position in each.updates)
            elif later:
                left.append(later)
        waiting = left


def _parts(updates: Mapping[int, Update]) -> list[list[_Part]]:
    people: dict[Hashable, list[_Part]] = {}
    for position, update in updates.items():
        parts = people.setdefault(update.contact if update.person is None else update.person, [])
        if not (parts and parts[-1].takes(position, update)):
            parts.append(_Part.of(position, update))
    return list(people.values())

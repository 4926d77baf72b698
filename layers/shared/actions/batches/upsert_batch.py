"""What a batch says of contacts, each contact created or updated once.

https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from actions.batches.bulk_upsert import upsert_all
from actions.batches.merging import merged
from dotdigital import Dotdigital, DotdigitalError, Identifier, RejectedError, one_spelling


class Update(NamedTuple):
    """What one payload says of a contact, as v3 names it."""

    identifier: Identifier
    details: Mapping[str, Any]


def upsert_batch(updates: Mapping[int, Update], dotdigital: Dotdigital) -> Iterator[tuple[int, int | DotdigitalError]]:
    """Create or update the contacts, and give for each position the contact's id or the error that is its own.

    Updates of one contact are merged in order. Where the merged one is refused its parts are tried one by one, so that
    a wrong one takes no other with it.
    """
    people: dict[tuple[str, str], dict[int, Update]] = {}
    for position, update in updates.items():
        one = update.identifier
        people.setdefault((one.channel, one_spelling(one.value)), {})[position] = update
    contacts = {next(iter(some.values())).identifier: some for some in people.values()}
    once = {identifier: merged([each.details for each in some.values()]) for identifier, some in contacts.items()}
    results = upsert_all(once, dotdigital)
    for identifier, some in contacts.items():
        refused = isinstance(results[identifier], RejectedError) and len(some) > 1
        for position, update in some.items():
            yield position, _alone(update, dotdigital) if refused else results[identifier]


def _alone(update: Update, dotdigital: Dotdigital) -> int | DotdigitalError:
    return upsert_all({update.identifier: update.details}, dotdigital)[update.identifier]

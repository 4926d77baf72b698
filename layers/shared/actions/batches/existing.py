"""Contacts that are there: looked up without being made.

https://developer.dotdigital.com/reference/getcontact
"""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from actions.batches.batch import SIDE_BY_SIDE
from dotdigital import Contact, Dotdigital, DotdigitalError, Identifier, NotFoundError


def existing(identifier: Identifier, dotdigital: Dotdigital) -> Contact | None:
    """Give the contact, None where there is none: one in the recycle bin is none, and an update would bring it back."""
    try:
        contact = dotdigital.contacts.get(identifier)
    except NotFoundError:
        return None
    return None if contact.is_deleted else contact


def all_existing(
    identifiers: Collection[Identifier], dotdigital: Dotdigital
) -> Mapping[Identifier, Contact | DotdigitalError | None]:
    """Give for each identifier its contact, None, or the error that is its own."""

    def one(identifier: Identifier) -> Contact | DotdigitalError | None:
        try:
            return existing(identifier, dotdigital)
        except DotdigitalError as error:
            return error

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return dict(zip(identifiers, pool.map(one, identifiers), strict=True))

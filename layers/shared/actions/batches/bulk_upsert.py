"""Many contacts created or updated: in one bulk import where they are many, one by one where they are few.

https://developer.dotdigital.com/reference/importcontacts-1
"""

from collections.abc import Mapping
from http import HTTPStatus
from itertools import batched
from typing import Any, Final

from dotdigital import Dotdigital, DotdigitalError, Identifier, RejectedError

_HALVED: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_FEATURE_OFF: Final = "ERROR_FEATURENOTACTIVE"

BULK_FROM: Final = 50
"""Contacts from which one import is asked for: it costs some calls and seconds of polling, whatever its size."""


class ImportRefusedError(RejectedError):
    """Dotdigital refuses an import as a whole, for no contact in it: none of them is tried in another way."""


Upserted = Mapping[Identifier, int | DotdigitalError | None]


def upsert_all(contacts: Mapping[Identifier, Mapping[str, Any]], dotdigital: Dotdigital) -> Upserted:
    """Create or update each contact with its details; give its id, None where it is not told, or the error of its own.

    An import that is refused for what it holds, or for its size, is halved until the contact at fault stands alone.
    What is said of the import or of the account is said of every contact. What the report does not tell of is asked for
    one by one, which is safe; so is what it refuses of a contact with two identifiers, because only a call for the one
    contact is documented to say that they are two contacts'.
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


def _upsert(identifier: Identifier, details: Mapping[str, Any], dotdigital: Dotdigital) -> int | DotdigitalError | None:
    try:
        contact = dotdigital.contacts.upsert(identifier, details)
    except DotdigitalError as error:
        return error
    return contact.id if contact else None

"""One import at work: each contact is done as a PATCH does it, or becomes a failure of the report."""

from __future__ import annotations

from typing import Final, Literal

from dev.sandbox.answers import Refusal
from dev.sandbox.call import Call
from dev.sandbox.contact import IDENTIFIERS, normal
from dev.sandbox.contact_path import Named, identifier_value
from dev.sandbox.contact_request import ContactRequest, Id, Identifiers
from dev.sandbox.contact_update import upsert

_INVALID: Final = {"email": "invalidEmail", "mobileNumber": "invalidMobileNumber"}


class ImportIdentifiers(Identifiers):
    """The identifiers of an imported contact, which may hold its id."""

    contact_id: Id | None = None


class ImportedContact(ContactRequest):
    """One contact of an import: what PATCH takes, and the identifier that finds the contact."""

    match_identifier: Literal["email", "mobileNumber", "contactId"]
    identifiers: ImportIdentifiers


class _NotImportedError(Exception):
    """Raised for a contact that becomes a failure: a code and a description."""


class ImportRun:
    """Takes the contacts of one import, one after the other, and keeps what its report says."""

    def __init__(self, call: Call, merge: str) -> None:
        """Work for that call, with the merge option of a PATCH."""
        self._call = call
        self._merge = merge
        self._seen: set[tuple[str, str]] = set()
        self._done: dict[str, list[dict[str, object]]] = {"created": [], "updated": []}
        self._failures: list[dict[str, object]] = []
        self._duplicates = 0

    def take(self, contact: ImportedContact) -> None:
        """Create or update one contact, or keep why not."""
        it: Named | None = None
        try:
            it = self._named(contact)
            done = upsert(self._call, it, contact, self._merge)
        except _NotImportedError as error:
            self._fail(contact, it, [(str(error.args[0]), str(error.args[1]))])
        except Refusal as refusal:
            self._fail(contact, it, _failures_of(refusal))
        else:
            entry: dict[str, object] = {"contactId": done.contact_id, "identifiers": dict(done.identifiers)}
            self._done["created" if it.contact is None else "updated"].append(entry)

    def report(self) -> dict[str, object]:
        """The report of the finished import, without its id."""
        summary = {
            "newContacts": len(self._done["created"]),
            "updatedContacts": len(self._done["updated"]),
            "globallySuppressed": 0,
            "invalidEntries": len(self._failures) - self._duplicates,
            "duplicateIdentifiers": self._duplicates,
        }
        return {"status": "Finished", "summary": summary, **self._done, "failures": self._failures}

    def _named(self, contact: ImportedContact) -> Named:
        """What the contact's match identifier names, after a look at all of its identifiers."""
        kept = _kept(contact.identifiers)
        keys = {(name, normal(name, value)) for name, value in kept.items()}
        if keys & self._seen:
            self._duplicates += 1
            raise _NotImportedError("duplicateIdentifier", "An identifier is in the import already")
        self._seen |= keys
        match = contact.match_identifier
        if match not in kept:
            raise _NotImportedError("invalidIdentifier", f"The contact has no {match} to be matched by")
        book = self._call.account.book
        found = book.by_id(int(kept[match])) if match == "contactId" else book.holder(match, kept[match])
        return Named(match, kept[match], found)

    def _fail(self, contact: ImportedContact, it: Named | None, failures: list[tuple[str, str]]) -> None:
        known = {} if it is None or it.contact is None else {"contactId": it.contact.contact_id}
        self._failures.append(
            {
                **known,
                "matchIdentifier": contact.match_identifier,
                "identifiers": contact.identifiers.model_dump(by_alias=True, exclude_none=True),
                "failures": [{"failureCode": code, "description": text} for code, text in failures],
            }
        )


def _kept(given: ImportIdentifiers) -> dict[str, str]:
    """The identifiers by name, in the form in which they are kept."""
    values = {"email": given.email, "mobileNumber": given.mobile_number}
    kept: dict[str, str] = {} if given.contact_id is None else {"contactId": str(given.contact_id)}
    for name in IDENTIFIERS:
        if value := values[name]:
            try:
                kept[name] = identifier_value(name, value)
            except Refusal:
                raise _NotImportedError(_INVALID[name], f"Not a valid {name}") from None
    return kept


def _failures_of(refusal: Refusal) -> list[tuple[str, str]]:
    """The failures for what PATCH refuses: the last part of its code, once for each detail."""
    body = refusal.answer.body
    assert isinstance(body, dict)
    code = body["errorCode"].rpartition(":")[2]
    return [(code, f"{detail['item']}: {detail['description']}") for detail in body["details"]]

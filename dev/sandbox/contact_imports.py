"""PUT /contacts/v3/import and GET /contacts/v3/import/{importId}: many contacts in one request.

https://developer.dotdigital.com/reference/importcontacts-1. The work is done at once, each contact as a PATCH does
it; the report can be held back for some polls.
"""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from dev.sandbox.api import Id, Problems, Refusal, Request, Response, Route, V3Body, v3_body, v3_error
from dev.sandbox.contact_book import comparable
from dev.sandbox.contacts import ContactRequest, Identifiers, Named, identifier_value, upsert
from dev.sandbox.state import MOST_ACTIVE_IMPORTS, empty_report

_INVALID: Final = {"email": "invalidEmail", "mobileNumber": "invalidMobileNumber"}
_Failures = list[tuple[str, str]]


class ImportIdentifiers(Identifiers):
    """The identifiers of an imported contact, which may hold its id."""

    contact_id: Id | None = None


class ImportedContact(ContactRequest):
    """One contact of an import: what PATCH takes, and the identifier that finds the contact."""

    match_identifier: Literal["email", "mobileNumber", "contactId"]
    identifiers: ImportIdentifiers


class ImportRequest(V3Body):
    """The body of PUT /contacts/v3/import."""

    merge_option: Literal["overwrite"] = "overwrite"
    contacts: Annotated[list[ImportedContact], Field(min_length=1)]


_BODY: Final = TypeAdapter(ImportRequest)


def put_import(request: Request) -> Response:
    """Create or update the contacts, each for itself; return the id of the import."""
    imports = request.state.imports
    if imports.is_full:
        raise v3_error(429, "contacts:tooManyActiveImports", f"{MOST_ACTIVE_IMPORTS} imports are active")
    given = v3_body(request, _BODY, _bad_import)
    report = empty_report(imports.rules.status)
    if imports.rules.status == "Finished":
        run = _ImportRun(request)
        for contact in given.contacts:
            run.take(contact)
        report = run.report()
    return Response(202, {"importId": imports.add(report)})


def get_import(request: Request) -> Response:
    """Return how far the import is, and its report at its end."""
    found = request.state.imports.poll(request.params["importId"])
    if found is None:
        raise v3_error(404, "contacts:importNotFound", "Import not found")
    return Response(200, found)


def _bad_import(problems: Problems) -> Refusal:
    """Return the 400 of an import, in words that are not those of PATCH: Dotdigital's PHP SDK is tested for them."""
    place, fault = problems[0]
    if fault.startswith("Invalid JSON"):
        return v3_error(400, "contacts:badJson", "The request JSON is badly formed")
    name = place.rpartition(".")[2]
    text = f"The {name[:1].upper()}{name[1:]} field is required" if fault == "Field required" else "Bad request"
    return v3_error(400, "contacts:badRequest", text, problems)


class _NotImportedError(Exception):
    """Raised for a contact that becomes a failure, with a code and a description."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code, description)
        self.failures: _Failures = [(code, description)]


class _ImportRun:
    """Takes the contacts of one import, one after the other, and keeps what its report says."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._seen: set[tuple[str, str]] = set()
        self._done: dict[str, list[dict[str, object]]] = {"created": [], "updated": []}
        self._failures: list[dict[str, object]] = []
        self._duplicates = 0

    def take(self, contact: ImportedContact) -> None:
        """Create or update one contact, or keep why not."""
        it: Named | None = None
        try:
            it = self._named(contact)
            done = upsert(self._request, it, contact)
        except _NotImportedError as error:
            self._fail(contact, it, error.failures)
        except Refusal as refusal:
            self._fail(contact, it, _failures_of(refusal))
        else:
            entry: dict[str, object] = {"contactId": done.contact_id, "identifiers": dict(done.identifiers)}
            self._done["created" if it.contact is None else "updated"].append(entry)

    def report(self) -> dict[str, object]:
        """Return the report of the finished import, without its id."""
        summary = {
            "newContacts": len(self._done["created"]),
            "updatedContacts": len(self._done["updated"]),
            "globallySuppressed": 0,
            "invalidEntries": len(self._failures) - self._duplicates,
            "duplicateIdentifiers": self._duplicates,
        }
        return {"status": "Finished", "summary": summary, **self._done, "failures": self._failures}

    def _named(self, contact: ImportedContact) -> Named:
        """Return what the contact's match identifier names, after a look at all of its identifiers."""
        kept = _kept(contact.identifiers)
        keys = {(name, comparable(name, value)) for name, value in kept.items()}
        if keys & self._seen:
            self._duplicates += 1
            raise _NotImportedError("duplicateIdentifier", "An identifier is in the import already")
        self._seen |= keys
        match = contact.match_identifier
        if match not in kept:
            raise _NotImportedError("invalidIdentifier", f"The contact has no {match} to be matched by")
        book = self._request.account.book
        found = book.by_id(int(kept[match])) if match == "contactId" else book.holder(match, kept[match])
        return Named(match, kept[match], found)

    def _fail(self, contact: ImportedContact, it: Named | None, failures: _Failures) -> None:
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
    """Return the identifiers by name, as they are kept."""
    kept: dict[str, str] = {} if given.contact_id is None else {"contactId": str(given.contact_id)}
    for name, value in given.by_name().items():
        try:
            kept[name] = identifier_value(name, value)
        except Refusal:
            raise _NotImportedError(_INVALID[name], f"Not a valid {name}") from None
    return kept


def _failures_of(refusal: Refusal) -> _Failures:
    """Return the failures for what PATCH refuses: the last part of its code, once for each detail."""
    body = refusal.response.body
    assert isinstance(body, dict)
    code = body["errorCode"].rpartition(":")[2]
    return [(code, f"{detail['item']}: {detail['description']}") for detail in body["details"]]


ROUTES: Final = (
    Route("PUT", "/contacts/v3/import", put_import, "low"),
    Route("GET", "/contacts/v3/import/{importId}", get_import, "unlimited"),
)

"""Bulk imports, through the v3 API: many contacts created or updated by one request, with a result for each.

https://developer.dotdigital.com/reference/importcontacts-1
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Final

from dotdigital.contacts import ContactDetails, Identifier, one_spelling
from dotdigital.error_responses import account_hint
from dotdigital.errors import AccountRefusesError, LimitedError, RejectedError, UnavailableError
from dotdigital.http_messages import JsonObject, Request, path
from dotdigital.redaction import redact
from dotdigital.transport import Transport

_WAITS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
_LONGEST_WAIT: Final = 15.0
_POLL_SECONDS: Final = 1.0
_LONGEST_POLL: Final = 15.0
_MOST_MISSED: Final = 20
_WATCHDOG: Final = "RejectedByWatchdog"

Result = int | RejectedError | AccountRefusesError
"""What became of one contact: its id, or why not."""


class ContactImports:
    """Bulk imports of contacts. An account may have 25 under way."""

    def __init__(self, transport: Transport, longest_poll: float = _LONGEST_POLL) -> None:
        """Make requests and wait through `transport`, for the response to a poll at most `longest_poll` seconds."""
        self._transport = transport
        self._longest_poll = longest_poll

    def run(self, contacts: Mapping[Identifier, ContactDetails]) -> Mapping[Identifier, Result]:
        """Create or update the contacts with their details, as `Contacts.upsert` does, and wait for the report.

        Returns, for each identifier that the report names, the contact's id or why it was refused. What the report does
        not name, or names so that it could mean two identifiers, is left out. Without a deadline it waits for as long
        as the import takes. A poll that fails is made again: it says nothing of the import.

        Raises RejectedError for no contacts and for an import that is refused whole, AccountRefusesError where the
        account has no room, UnavailableError where the import failed or its report was not there in time. All are safe
        to repeat.
        """
        if not contacts:
            raise RejectedError("an import needs at least one contact")
        items = [_item(identifier, details) for identifier, details in contacts.items()]
        body = {"mergeOption": "overwrite", "contacts": items}
        response = self._transport.request(Request("PUT", path("contacts", "v3", "import"), body=body))
        return results_of(self._report(response.text("importId")), contacts)

    def _report(self, import_id: str) -> JsonObject:
        """Poll until the import is finished, waiting longer each time."""
        waits = chain(_WAITS, repeat(_LONGEST_WAIT))
        missed = 0
        while missed < _MOST_MISSED:
            self._wait(next(waits))
            report = self._poll(import_id)
            missed = missed + 1 if report is None else 0
            status = report.text("status") if report else ""
            if report and status == "Finished":
                return report
            if status == _WATCHDOG:
                raise RejectedError("Dotdigital's data watchdog refuses the whole import", code=status)
            if hint := account_hint(None, status):
                raise AccountRefusesError(hint, code=status)
            if status == "Failed":
                raise UnavailableError("Dotdigital says that the import failed", code=status)
        raise UnavailableError("the import's report could not be had; the import may have been done")

    def _wait(self, usual: float) -> None:
        seconds, deadline = usual, self._transport.deadline
        if deadline is not None:
            seconds = min(usual, deadline - self._transport.monotonic() - _POLL_SECONDS)
        if seconds < _WAITS[0]:
            raise UnavailableError("the import was not finished in the time that was left")
        self._transport.sleep(seconds)

    def _poll(self, import_id: str) -> JsonObject | None:
        """Read the report so far, None where it cannot be read now. A refusal says nothing of the contacts."""
        poll = Request("GET", path("contacts", "v3", "import", import_id), most_seconds=self._longest_poll)
        try:
            return JsonObject(self._transport.request(poll).json())
        except (LimitedError, UnavailableError):
            return None
        except RejectedError as error:
            raise UnavailableError(
                f"the import's report cannot be had: {error.description}", status=error.status, code=error.code
            ) from None


def _item(identifier: Identifier, details: ContactDetails) -> dict[str, object]:
    names = {"matchIdentifier": identifier.channel, "identifiers": {identifier.channel: identifier.value}}
    return {**names, **details}


def results_of(report: JsonObject, asked: Iterable[Identifier]) -> dict[Identifier, Result]:
    """Return, for each of `asked` that the report names, the contact's id or the error with its failure codes.

    A contact that was created or updated and is among the failures too has failed: a part of it was not done.
    """
    names = _names(asked)
    results: dict[Identifier, Result] = {}
    for entry in (*report.objects("created"), *report.objects("updated")):
        if contact_id := entry.id("contactId"):
            results |= dict.fromkeys(_named(entry.object("identifiers").texts(), names), contact_id)
    for entry in report.objects("failures"):
        results |= dict.fromkeys(_named(_matched(entry), names), _refusal(entry))
    return results


def _names(asked: Iterable[Identifier]) -> dict[tuple[str, str], Identifier]:
    """Return the identifiers by what a report may call them. Two that differ in case alone cannot be told apart."""
    names: dict[tuple[str, str], Identifier | None] = {}
    for identifier in asked:
        key = _key(identifier.channel, identifier.value)
        names[key] = None if key in names else identifier
    return {key: identifier for key, identifier in names.items() if identifier}


def _key(channel: str, value: str) -> tuple[str, str]:
    return channel, value.removeprefix("+") if channel == "mobileNumber" else one_spelling(value)


def _named(identifiers: Mapping[str, str], names: Mapping[tuple[str, str], Identifier]) -> Iterator[Identifier]:
    for channel, value in identifiers.items():
        if known := names.get(_key(channel, value)):
            yield known


def _matched(entry: JsonObject) -> Mapping[str, str]:
    """Return the identifiers of a failure: the one that was to find it, where the report says which, else all."""
    identifiers, match = entry.object("identifiers").texts(), entry.text("matchIdentifier")
    return {match: identifiers[match]} if match in identifiers else identifiers


def _refusal(entry: JsonObject) -> RejectedError | AccountRefusesError:
    failures = entry.objects("failures")
    description = _joined(failures, "description", "; ") or "the import's report says that it failed"
    code = _joined(failures, "failureCode", ", ") or None
    if hint := account_hint(None, code):
        return AccountRefusesError(f"{description}; {hint}", code=code)
    return RejectedError(description, code=code)


def _joined(failures: Sequence[JsonObject], key: str, separator: str) -> str:
    return redact(separator.join(text for failure in failures if (text := failure.text(key))))

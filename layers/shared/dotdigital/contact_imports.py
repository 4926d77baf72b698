"""Many contacts created or updated in one call, through the v3 API, with a result for each.

https://developer.dotdigital.com/reference/importcontacts-1
"""

from collections.abc import Mapping
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

from dotdigital.account_codes import account_hint
from dotdigital.calls import Call
from dotdigital.contacts import Identifier
from dotdigital.errors import AccountRefusesError, LimitedError, RejectedError, UnavailableError
from dotdigital.ids import answered
from dotdigital.import_reports import Result, results_of
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_WAITS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
_LONGEST_WAIT: Final = 15.0
_POLL_SECONDS: Final = 1.0
_LONGEST_POLL: Final = 15.0
_MOST_MISSED: Final = 20
_WATCHDOG: Final = "RejectedByWatchdog"


class ContactImports:
    """Bulk imports of contacts. An account may have 25 under way."""

    def __init__(self, transport: "Transport", longest_poll: float = _LONGEST_POLL) -> None:
        """Call and wait through `transport`, for the answer to a poll at most `longest_poll` seconds."""
        self._transport = transport
        self._longest_poll = longest_poll

    def run(self, contacts: Mapping[Identifier, Mapping[str, Any]]) -> Mapping[Identifier, Result]:
        """Create or update the contacts with their details, as `Contacts.upsert` does, and wait for the report.

        Gives for each identifier that the report names the contact's id, or why it was refused. What the report does
        not name, or names so that two of the identifiers could be meant, is left out. Without a deadline it waits for
        as long as the import takes. A poll that fails is made again, since it says nothing of the import. Raises
        RejectedError for no contacts and for an import that is refused whole, AccountRefusesError where the account has
        no room, and UnavailableError for one that failed or whose report was not there in time: these are safe to
        repeat.
        """
        if not contacts:
            raise RejectedError("an import needs at least one contact")
        items = [_item(identifier, details) for identifier, details in contacts.items()]
        body = {"mergeOption": "overwrite", "contacts": items}
        answer = self._transport.call(Call("PUT", path("contacts", "v3", "import"), body=body))
        return results_of(self._report(str(answered(answer, "importId", str))), contacts)

    def _report(self, import_id: str) -> Mapping[str, Any]:
        """Poll until the import is finished, waiting longer each time."""
        waits = chain(_WAITS, repeat(_LONGEST_WAIT))
        missed = 0
        while missed < _MOST_MISSED:
            self._wait(next(waits))
            report = self._poll(import_id)
            missed = missed + 1 if report is None else 0
            status = str((report or {}).get("status"))
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

    def _poll(self, import_id: str) -> Mapping[str, Any] | None:
        """Read the report so far, None where it cannot be had now. What refuses it says nothing of the contacts."""
        poll = Call("GET", path("contacts", "v3", "import", import_id), most_seconds=self._longest_poll)
        try:
            report = self._transport.call(poll)
        except (LimitedError, UnavailableError):
            return None
        except RejectedError as error:
            raise UnavailableError(
                f"the import's report cannot be had: {error.description}", status=error.status, code=error.code
            ) from None
        return report if isinstance(report, dict) else {}


def _item(identifier: Identifier, details: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "matchIdentifier": identifier.channel,
        "identifiers": {identifier.channel: identifier.value},
        **details,
    }

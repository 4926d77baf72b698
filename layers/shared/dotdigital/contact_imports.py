"""Many contacts created or updated in one call, through the v3 API, with a result for each.

https://developer.dotdigital.com/reference/importcontacts-1
"""

from collections.abc import Mapping
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

from dotdigital.calls import Call
from dotdigital.contacts import Identifier
from dotdigital.errors import RejectedError, UnavailableError
from dotdigital.ids import answered
from dotdigital.import_reports import results_of
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_WAITS: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
_LONGEST_WAIT: Final = 15.0
_POLL_SECONDS: Final = 1.0
_REFUSED: Final = {
    "RejectedByWatchdog": "Dotdigital's data watchdog refuses the whole import",
    "ExceedsAllowedContactLimit": "the account has no room for so many contacts",
}


class ContactImports:
    """Bulk imports of contacts. An account may have 25 under way."""

    def __init__(self, transport: "Transport") -> None:
        """Call and wait through `transport`."""
        self._transport = transport

    def run(self, contacts: Mapping[Identifier, Mapping[str, Any]]) -> Mapping[Identifier, int | RejectedError]:
        """Create or update the contacts with their details, as `Contacts.upsert` does, and wait for the report.

        Gives for each identifier that the report names the contact's id, or why it was refused. What the report does
        not name, or names so that two of the identifiers could be meant, is left out. Without a deadline it waits for
        as long as the import takes. Raises RejectedError for no contacts and for an import that is refused whole, and
        UnavailableError for one that failed or was not finished in time: both are safe to repeat.
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
        while True:
            self._wait(next(waits))
            report = self._poll(import_id)
            status = str(report.get("status"))
            if status == "Finished":
                return report
            if status in _REFUSED:
                raise RejectedError(_REFUSED[status], code=status)
            if status == "Failed":
                raise UnavailableError("Dotdigital says that the import failed", code=status)

    def _wait(self, usual: float) -> None:
        seconds, deadline = usual, self._transport.deadline
        if deadline is not None:
            seconds = min(usual, deadline - self._transport.monotonic() - _POLL_SECONDS)
        if seconds < _WAITS[0]:
            raise UnavailableError("the import was not finished in the time that was left")
        self._transport.sleep(seconds)

    def _poll(self, import_id: str) -> Mapping[str, Any]:
        """Read the report so far. What refuses the poll says nothing of the contacts."""
        try:
            report = self._transport.call(Call("GET", path("contacts", "v3", "import", import_id)))
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

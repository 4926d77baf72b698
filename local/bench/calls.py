"""How many calls to Dotdigital 1,000 events take, action by action, as its queue brings them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Final

from local.bench.events import records
from local.bench.machine import Machine

EVENTS: Final = 1_000
_KINDS: Final = {
    "/contacts/v3/import": "import",
    "/contacts/v3/": "contact",
    "/v2/programs/enrolments": "enrolment",
    "/v2/address-books/": "list",
    "/v2/sms-messages/": "SMS",
    "/v2/campaigns/send": "campaign",
    "/v2/email": "e-mail",
    "/v2/data-fields": "data fields",
    "/cpaas/messages": "SMS",
}


@dataclass(frozen=True)
class Row:
    """An action whose queue brings `batch` messages at a time.

    `promised` is the most that is allowed, `segment` what Segment's own destination makes, where there is a figure.
    """

    title: str
    action: str
    subscription: str
    batch: int
    segment: int | None = None
    promised: str = ""


@dataclass(frozen=True)
class Calls:
    """The calls that the events of a row took, by method and kind of path."""

    row: Row
    by_kind: dict[str, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_kind.values())


ROWS: Final = (
    Row("add_contact_to_list, in bulk", "add_contact_to_list", "Add or Update Contact", 1000, 2000, "10"),
    Row("add_contact_to_list, one by one", "add_contact_to_list", "Add or Update Contact", 10, 2000, "1,003"),
    Row("enrol_contact", "enrol_contact", "Enrol Contact to Program", 250, 2000, "40 enrolments"),
    Row("remove_contact_from_list", "remove_contact_from_list", "Remove Contact from List", 10),
    Row("send_email_campaign", "send_email_campaign", "Send Email Campaign", 10),
    Row("send_sms", "send_sms", "Send SMS", 10),
    Row("send_transactional_sms", "send_transactional_sms", "Send Transactional SMS", 10),
    Row("send_transactional_email", "send_transactional_email", "Send Transactional Email", 10),
)


def measure_calls(machine: Machine, rows: Iterable[Row]) -> Iterator[Calls]:
    """Deliver 1,000 events of each row."""
    for row in rows:
        machine.calls()
        for numbers in batched(range(EVENTS), row.batch, strict=False):
            machine.deliver(row.action, records(numbers, row.subscription))
        yield Calls(row, dict(Counter(map(_kind, machine.calls()))))


def _kind(call: str) -> str:
    """Leave out of a call whom it is about: "PATCH /contacts/v3/email/…" is a PATCH of a contact."""
    method, _, path = call.partition(" ")
    kinds = (name for start, name in _KINDS.items() if path.startswith(start))
    return f"{method} {next(kinds, path)}"

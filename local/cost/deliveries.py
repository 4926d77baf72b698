"""What an event uses from the queue of its action to Dotdigital, by how the queue brings it."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from local.cost.basis import Basis
from local.cost.counts import SIDE_BY_SIDE, WRITES_A_SEND, looks_at_report
from local.cost.figures import Row
from local.cost.queues import taken
from local.cost.usage import DAYS_A_MONTH, GIGABYTE, Usage, invocation, logs

_MILLISECONDS: Final = 1000


@dataclass(frozen=True)
class Delivery:
    """Messages of a function's queue, so many an invocation, and the row of the benchmark's whole way that is like it.

    `measured` is how many that row has at a time. `imports` says that all of them go out as one import, `guarded` that
    each is a send with its claim in DynamoDB.
    """

    function: str
    how: str
    messages: int
    measured: str = "one by one"
    imports: bool = False
    guarded: bool = False

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.function}, {self.how}"

    @property
    def row(self) -> str:
        """The name of the benchmark's row."""
        return f"{self.function}, {self.measured}"

    def seconds(self, basis: Basis) -> float:
        """Give the seconds of an invocation on AWS: its processor's time, then its waits for others."""
        row = self._row(basis)
        worked = row.cpu_seconds / row.events * self.messages
        return worked * basis.stretch(self.function) + self._waits(basis)

    def calls(self, basis: Basis) -> float:
        """Give the calls to Dotdigital of an invocation; looks at an import's report are among them."""
        if self.imports:
            return 1 + looks_at_report(basis.assumed("import_seconds"))[0]
        return self._row(basis).calls / self._row(basis).events * self.messages

    def performed(self, basis: Basis) -> Usage:
        """Give what an event uses in its function and of what that calls."""
        row = self._row(basis)
        log_bytes = row.log_bytes / row.events * self.messages + basis.assumed("platform_log_bytes")
        used = (
            invocation(self.seconds(basis), basis.stack.memory_gb(self.function))
            + logs(log_bytes, basis.stack.parameter("LogRetentionDays"))
            + Usage.of(transfer_gb=self._bytes_out(basis) / GIGABYTE)
        )
        return used.times(1 / self.messages) + (_record(basis) if self.guarded else Usage())

    def from_queue(self, basis: Basis) -> Usage:
        """Give what an event uses that the action's queue brings."""
        message_bytes = basis.figures.batch(1).bytes
        return taken(basis, self.messages, message_bytes).times(1 / self.messages) + self.performed(basis)

    def _row(self, basis: Basis) -> Row:
        return basis.figures.row(self.row)

    def _waits(self, basis: Basis) -> float:
        answer = basis.assumed("dotdigital_answer_ms") / _MILLISECONDS
        if self.imports:
            return self.calls(basis) * answer + looks_at_report(basis.assumed("import_seconds"))[1]
        writes = WRITES_A_SEND * basis.assumed("dynamodb_answer_ms") / _MILLISECONDS if self.guarded else 0
        rounds = ceil(self.messages / SIDE_BY_SIDE)
        return rounds * (self.calls(basis) / self.messages * answer + writes)

    def _bytes_out(self, basis: Basis) -> float:
        contacts = self.messages * basis.assumed("import_contact_bytes") if self.imports else 0
        return self.calls(basis) * basis.assumed("call_bytes") + contacts


def _record(basis: Basis) -> Usage:
    """Use DynamoDB for one send; its record is deleted by its time to live, which costs nothing."""
    months = basis.stack.parameter("SendsKeptDays") / DAYS_A_MONTH
    stored = basis.assumed("record_bytes") / GIGABYTE * months
    return Usage.of(dynamodb_writes=WRITES_A_SEND, dynamodb_gb_months=stored, dynamodb_recovery_gb_months=stored)


ONE_BY_ONE: Final = Delivery("add_contact_to_list", "one by one", 1)
TEN_AT_A_TIME: Final = Delivery("add_contact_to_list", "ten at a time", 10, "10 at a time")
IN_BULK: Final = Delivery("add_contact_to_list", "in bulk, 1,000 at a time", 1_000, "4,000 at a time", imports=True)
SMS: Final = Delivery("send_transactional_sms", "one by one", 1, guarded=True)
DELIVERIES: Final = (ONE_BY_ONE, TEN_AT_A_TIME, IN_BULK, SMS)

"""All that the sandbox holds, and what a reset puts back."""

import base64
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

from dev.sandbox.account import SEED, load_account
from dev.sandbox.clock import Clock
from dev.sandbox.failures import Failures
from dev.sandbox.journal import Journal
from dev.sandbox.limits import LimitRules, Limits

ImportStatus = Literal["Finished", "RejectedByWatchdog", "Failed", "ExceedsAllowedContactLimit"]
MOST_ACTIVE_IMPORTS: Final = 25


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API user that is let in."""

    username: str
    password: str

    def admit(self, authorization: str | None) -> bool:
        """Return whether an Authorization header is Basic and names this user and password."""
        scheme, _, encoded = (authorization or "").partition(" ")
        pair = base64.b64encode(f"{self.username}:{self.password}".encode())
        same = hmac.compare_digest(encoded.strip().encode(), pair)
        return scheme.lower() == "basic" and same


class ImportRules(BaseModel):
    """What becomes of a contact import: so many polls find it unfinished, then it ends with `status`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    polls: int = Field(0, ge=0)
    status: ImportStatus = "Finished"


class ContactImports:
    """All contact imports since the start or the last reset, by id."""

    def __init__(self) -> None:
        """Start with none; each will be finished when it is first polled."""
        self.rules = ImportRules()
        self._reports: dict[str, Mapping[str, object]] = {}
        self._polls_left: dict[str, int] = {}

    @property
    def is_full(self) -> bool:
        """Return whether as many imports as are allowed at once are still unfinished."""
        return sum(left > 0 for left in self._polls_left.values()) >= MOST_ACTIVE_IMPORTS

    def add(self, report: Mapping[str, object]) -> str:
        """Keep an import under the rules of now, with the report that it ends with; return its id."""
        import_id = str(uuid4())
        self._reports[import_id], self._polls_left[import_id] = report, self.rules.polls
        return import_id

    def poll(self, import_id: str) -> Mapping[str, object] | None:
        """Return what a poll of the import finds, None if there is no such import."""
        if import_id not in self._reports:
            return None
        finished = self._polls_left[import_id] == 0
        self._polls_left[import_id] -= not finished
        return {"importId": import_id, **(self._reports[import_id] if finished else empty_report("NotFinished"))}


def empty_report(status: str) -> dict[str, object]:
    """Return the report of an import that has done nothing, or nothing yet."""
    return {"status": status, "summary": {}, "created": [], "updated": [], "failures": []}


class State:
    """The account, the journal, the armed failures, the limits, the imports and the credentials.

    Whoever reads or changes it holds `lock`: the server works on one request at a time, and a
    test in another thread looks in between two.
    """

    def __init__(self, credentials: Credentials, *, clock: Clock, rules: LimitRules, seed: Path = SEED) -> None:
        """Start with the account of the seed file; a reset comes back to these."""
        self.lock = threading.RLock()
        self.clock = clock
        self.connections = 0
        self._seed = seed
        self._first_credentials = credentials
        self._first_rules = rules
        self.reset()

    def reset(self) -> None:
        """Go back to the start: all but the clock and the count of connections."""
        with self.lock:
            self.account = load_account(self._seed)
            self.journal = Journal(self.clock)
            self.failures = Failures()
            self.imports = ContactImports()
            self.credentials = self._first_credentials
            self.limits = Limits(self._first_rules, self.clock)

    def set_limits(self, rules: LimitRules) -> None:
        """Put other limits in force; the counting starts anew."""
        with self.lock:
            self.limits = Limits(rules, self.clock)

    def set_imports(self, rules: ImportRules) -> None:
        """Say what becomes of the imports from now on; those under way keep their rules."""
        with self.lock:
            self.imports.rules = rules

    def describe(self) -> dict[str, object]:
        """Return the whole account as JSON, contacts as v3 shows them."""
        with self.lock:
            shown = self.account.as_json()
            shown["contacts"] = [self.account.as_v3(contact) for contact in self.account.book.everyone()]
            return shown

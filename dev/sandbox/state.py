"""All that the sandbox holds, and what a reset puts back."""

from __future__ import annotations

import base64
import hmac
import threading
from dataclasses import dataclass
from pathlib import Path

from dev.sandbox.account import SEED, load_account
from dev.sandbox.clock import Clock
from dev.sandbox.failures import Failures
from dev.sandbox.import_book import ImportBook, ImportRules
from dev.sandbox.journal import Journal
from dev.sandbox.limits import LimitRules, Limits


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API user that is let in."""

    username: str
    password: str

    def admit(self, authorization: str | None) -> bool:
        """Whether an Authorization header is Basic and names this user and password."""
        scheme, _, encoded = (authorization or "").partition(" ")
        pair = base64.b64encode(f"{self.username}:{self.password}".encode())
        same = hmac.compare_digest(encoded.strip().encode(), pair)
        return scheme.lower() == "basic" and same


class State:
    """The account, the journal, the armed failures, the limits and the credentials.

    Whoever reads or changes it holds `lock`: the server works on one request at a time, and a
    test in another thread looks in between two.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Clock,
        rules: LimitRules,
        seed: Path = SEED,
    ) -> None:
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
            self.imports = ImportBook()
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
        """The whole account as JSON, contacts as v3 answers them."""
        with self.lock:
            account = self.account
            shown = account.as_json()
            shown["contacts"] = [account.reply(contact) for contact in account.book.everyone()]
            return shown

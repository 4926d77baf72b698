"""Performs what is due against a Dotdigital on loopback and keeps the requests, as they would go out."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cli.preview.account import provide
from delivery.action import Action
from delivery.claim import Send
from delivery.outcome import Outcome
from delivery.pipeline import Delivery
from dev.sandbox.journal import RequestRecord
from dev.sandbox.server import Sandbox
from dotdigital import Account, Dotdigital, Transport


@dataclass(frozen=True)
class Request:
    """A request: its path and query as they stand in the request line, its body as it is sent."""

    method: str
    path: str
    query: str
    body: str | None


@dataclass(frozen=True)
class Performed:
    """What became of it, with which requests, and what was assumed of the account."""

    outcome: Outcome
    requests: list[Request]
    assumed: list[str]


class _NothingSent:
    """A record of sends that knows none, so that each is made."""

    def claim(self, send: Send) -> Outcome | None:
        return None

    def settle(self, send: Send, outcome: Outcome) -> None:
        pass


def perform(
    action: Action[Any], mapped: Mapping[str, Any], subscription: str, now: datetime, happened: datetime | None = None
) -> Performed:
    """Take what a mapping gave through the action, as a function that has just started does.

    `happened` is the moment of the event, without which it is now.
    """
    with Sandbox() as sandbox:
        account = Account(sandbox.url, sandbox.username, sandbox.password)
        delivery = Delivery(action, Dotdigital(Transport(account)), now, _NothingSent())
        due = delivery.prepare_payload(mapped, subscription, message_id=None, happened=happened)
        if isinstance(due, Outcome):
            return Performed(due, [], [])
        with sandbox.state.lock:
            assumed = provide(sandbox.state.account, action.name, due.payload, now)
        outcome = delivery.perform(due)
        return Performed(outcome, [_request(record) for record in sandbox.requests], assumed)


def _request(record: RequestRecord) -> Request:
    path, _, query = record.raw_path.partition("?")
    # json.dumps undoes the sandbox's json.loads byte for byte, because the client writes its bodies with it.
    return Request(record.method, path, query, None if record.body is None else json.dumps(record.body))

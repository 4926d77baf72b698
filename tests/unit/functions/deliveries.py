"""Deliveries of mapped payloads at a moment that stands still."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cli.actions import load_action
from delivery.batch import deliver_many
from delivery.outcome import Outcome, Refusal
from delivery.pipeline import Delivery, Prepared
from dev.sandbox.server import Sandbox
from dotdigital import Account, Dotdigital, Transport
from tests.support.dotdigital_server import DotdigitalServer
from tests.support.sends import Record

NOW = datetime(2026, 5, 31, 9, 30, tzinfo=UTC)
SUBSCRIPTION = "A subscription"


def deliver(server: DotdigitalServer, action: str, mapped: Mapping[str, Any]) -> Outcome:
    """Deliver what a mapping gave to `server`."""
    return deliver_by(Delivery(load_action(action), server.client(), NOW, Record()), mapped)


def deliver_to_sandbox(sandbox: Sandbox, action: str, mapped: Mapping[str, Any]) -> Outcome:
    """Deliver what a mapping gave to the account that the sandbox plays."""
    client = Dotdigital(Transport(Account(sandbox.url, sandbox.username, sandbox.password)))
    return deliver_by(Delivery(load_action(action), client, NOW, Record()), mapped)


def deliver_all(server: DotdigitalServer, action: str, payloads: Iterable[Mapping[str, Any]]) -> list[Outcome]:
    """Deliver what mappings gave to `server`, as one batch."""
    delivery = Delivery(load_action(action), server.client(), NOW, Record())
    return deliver_many(delivery, prepare_all(delivery, payloads))


def deliver_by(delivery: Delivery[Any], mapped: Mapping[str, Any]) -> Outcome:
    """Deliver what a mapping gave."""
    prepared = delivery.prepare(mapped, SUBSCRIPTION, NOW)
    return prepared if isinstance(prepared, Outcome) else delivery.perform(prepared)


def prepare_all(delivery: Delivery[Any], payloads: Iterable[Mapping[str, Any]]) -> list[Prepared[Any]]:
    """Prepare payloads that can be performed."""
    prepared = [delivery.prepare(payload, SUBSCRIPTION, NOW) for payload in payloads]
    assert all(isinstance(each, Prepared) for each in prepared), prepared
    return [each for each in prepared if isinstance(each, Prepared)]


def delivered(action: str, **dotdigital: Any) -> Outcome:
    """The whole outcome of a delivery that gave these ids."""
    return Outcome.of_json(
        {"outcome": "delivered", "action": action, "subscription": SUBSCRIPTION, "dotdigital": dotdigital}
    )


def skipped(action: str, reason: str) -> Outcome:
    """The whole outcome of a delivery that had nothing to do."""
    return Outcome("skipped", action, SUBSCRIPTION, reason)


def refused(action: str, reason: str, status: int, code: str | None = None) -> Outcome:
    """The whole outcome of a delivery that Dotdigital refused for good."""
    return Outcome("rejected", action, SUBSCRIPTION, reason, refusal=Refusal(status, code))


def wrong_fields(action: str, **fields: str) -> Outcome:
    """The whole outcome of a payload that cannot be sent."""
    return Outcome("rejected", action, SUBSCRIPTION, "the fields are not right", fields)

"""The subscriptions of a file, each with the trigger and the mapping as they are written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from delivery.subscription import Subscription, SubscriptionError, read_subscriptions
from dotdigital.json_text import read_json
from segment_events import compile_mapping

SUBSCRIPTIONS: Final = Path(__file__).parents[2] / "layers/subscriptions/subscriptions.json"


@dataclass(frozen=True)
class Entry:
    """A subscription, compiled and as it is written."""

    subscription: Subscription
    trigger: str
    mapping: Mapping[str, Any]

    @classmethod
    def read(cls, written: Mapping[str, Any], now: datetime) -> Self:
        """Compile what is written, with `now` for what a mapping says of the time. Raises SubscriptionError."""
        subscription = Subscription.read(written)
        resolve = compile_mapping(written["mapping"], now=lambda: now)
        return cls(replace(subscription, resolve=resolve), written["subscribe"], written["mapping"])


def read_entries(path: Path, now: datetime) -> list[Entry]:
    """Read a file as the functions do. Raises SubscriptionError with every problem and its place."""
    read_subscriptions(path)
    content = read_json(path.read_text(encoding="utf-8"))
    return [Entry.read(each, now) for each in (content["subscriptions"] if isinstance(content, dict) else content)]


def entry_named(entries: list[Entry], name: str) -> Entry:
    """Give the subscription of that name. Raises SubscriptionError that says which there are."""
    found = [entry for entry in entries if entry.subscription.name == name]
    if not found:
        names = ", ".join(entry.subscription.name for entry in entries) or "none"
        raise SubscriptionError((f"there is no subscription {name!r}; there are: {names}",))
    return found[0]

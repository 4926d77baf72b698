"""Reads subscriptions.json, the file that a user edits, and finds every problem in it at once."""

from collections import Counter
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from actions.delivery.subscription import Subscription, SubscriptionError, SubscriptionSettings
from dotdigital.json_text import read_json


class SubscriptionsFile(BaseModel):
    """What stands in the file. Its JSON Schema is subscriptions.schema.json, beside it."""

    model_config = ConfigDict(title="Subscriptions of the Dotdigital destination")

    schema_address: str | None = Field(None, alias="$schema", description="Lets an editor check the file as you type.")
    subscriptions: list[SubscriptionSettings] = Field(description="In the order in which they are tried.")


def read_subscriptions(path: Path) -> tuple[Subscription, ...]:
    """Read and compile every subscription of the file. Raises SubscriptionError with every problem and its place."""
    try:
        entries = _entries(read_json(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise SubscriptionError((f"{path} cannot be read: {error}",)) from error
    subscriptions: list[Subscription] = []
    problems: list[str] = []
    for place, entry in enumerate(entries):
        try:
            subscriptions.append(Subscription.read(entry))
        except SubscriptionError as error:
            where = f"{path.name}: subscriptions[{place}]{'.' if isinstance(entry, dict) else ' '}"
            problems.extend(where + problem for problem in error.problems)
    names = Counter(str(entry["name"]) for entry in entries if isinstance(entry, dict) and "name" in entry)
    problems.extend(f"{path.name}: the name {name!r} is used {n} times" for name, n in names.items() if n > 1)
    if problems:
        raise SubscriptionError(tuple(problems))
    return tuple(subscriptions)


def _entries(content: Any) -> list[Any]:
    entries = content.get("subscriptions") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise ValueError('it must be {"subscriptions": [...]}, or the list alone')
    return entries

"""The file of subscriptions. One that cannot be used stops itself alone; a file that is no list stops them all."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from delivery.subscription import Problem, Subscription, SubscriptionError, SubscriptionSettings
from dotdigital.json_text import read_json


class SubscriptionsFile(BaseModel):
    """What stands in the file. Its JSON Schema is subscriptions.schema.json, beside it."""

    model_config = ConfigDict(title="Subscriptions of the Dotdigital destination")

    schema_address: str | None = Field(None, alias="$schema", description="Lets an editor check the file as you type.")
    subscriptions: list[SubscriptionSettings] = Field(description="In the order in which they are tried.")


def read_subscriptions(path: Path) -> tuple[Subscription, ...]:
    """Read and compile the subscriptions of the file. One that cannot be used has its problems.

    Raises SubscriptionError if the file holds no list: then nothing is known of any.
    """
    return tuple(compiled(read_entries(path)))


def read_usable(path: Path) -> tuple[Subscription, ...]:
    """Read and compile the subscriptions of the file. Raises SubscriptionError with every problem and its place."""
    subscriptions = read_subscriptions(path)
    problems = [
        problem.within(f"{path.name}: {place_of(position)}")
        for position, subscription in enumerate(subscriptions)
        for problem in subscription.problems
    ]
    if problems:
        raise SubscriptionError(problems)
    return subscriptions


def read_entries(path: Path) -> list[Any]:
    """Read the entries of the file as they are written. Raises SubscriptionError if it holds no list."""
    try:
        return entries_of(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        source, offset = getattr(error, "doc", None), getattr(error, "pos", None)
        reason = error.strerror if isinstance(error, OSError) else error
        raise SubscriptionError([Problem("", f"{path} cannot be read: {reason}", source, offset)]) from error


def entries_of(text: str) -> list[Any]:
    """Return the entries of a file with this content. Raises ValueError or RecursionError if it holds no list."""
    content = read_json(text)
    entries = content.get("subscriptions") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise ValueError('it must be {"subscriptions": [...]}, or the list alone')
    return entries


def compiled(entries: Sequence[Any]) -> Iterator[Subscription]:
    """Give the subscription of each entry. One that cannot be used has its problems.

    If some have one name, none of them can be used: each but the first is known by a name with a number, so that what
    waits for one never becomes another's.
    """
    names = Counter(name for entry in entries if (name := _name_of(entry)))
    taken = set(names)
    seen = Counter[str]()
    for position, entry in enumerate(entries):
        name, problems = _name_of(entry), list[Problem]()
        try:
            subscription = Subscription.read(entry)
        except SubscriptionError as error:
            problems.extend(error.problems)
        if name and names[name] > 1:
            problems.append(Problem("name", f"{names[name]} subscriptions are named {name!r}: give each its own name"))
        if name and seen[name]:
            known_as = free_name(name, taken)
            taken.add(known_as)
            entry = {**entry, "name": known_as}  # noqa: PLW2901 - all that is known of it
        seen[name] += 1
        yield Subscription.unusable(entry, place_of(position), problems) if problems else subscription


def place_of(position: int) -> str:
    """Give the place of an entry in the file."""
    return f"subscriptions[{position}]"


def free_name(name: str, taken: Collection[str]) -> str:
    """Give the name, with a number if it is taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _name_of(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""

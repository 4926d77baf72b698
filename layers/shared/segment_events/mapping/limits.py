"""How much a mapping may nest, and how much it may make of an event.

A mapping is written by the account's owner, an event by anybody. Texts and objects can be doubled
again and again by a few nested directives, so a mapping has one budget for each event: what its
directives read and make in sum, in characters and in steps. It counts, it does not measure time,
so the same event ends the same everywhere. What passes a bound raises MappingResolutionError.
"""

import threading
from typing import Any, Final

from segment_events.mapping.errors import MappingResolutionError

MAX_MAPPING_DEPTH: Final = 100
"""Deepest nesting of a mapping, counted in objects and lists."""

MAX_VALUE_DEPTH: Final = 200
"""Deepest nesting of a value that a directive walks through: an event, and a mapping around it."""

MAX_TEXT: Final = 1_000_000
"""Longest text that a directive may make, in characters."""

MAX_CHARACTERS: Final = 5_000_000
"""Most characters of keys and texts that a mapping may read and make of one event, all together."""

MAX_STEPS: Final = 250_000
"""Most steps that a mapping may take for one event: values walked or made, and what Liquid runs."""

COMPARED_A_CHARACTER: Final = 200
"""How many comparisons of characters, inside of Python, cost what a character read or made does."""


class _Budget:
    """What the mapping that runs in a thread has spent on its event."""

    __slots__ = ("characters", "steps")

    def __init__(self) -> None:
        self.steps = self.characters = 0


class _Thread(threading.local):
    def __init__(self) -> None:
        self.budget = _Budget()


_THREAD: Final = _Thread()


def start_budget() -> None:
    """Give the whole budget to what this thread resolves from here on."""
    budget = _THREAD.budget
    if budget.steps:
        budget.steps = budget.characters = 0


def spend(path: str, characters: int = 0, steps: int = 0) -> None:
    """Count a step, or more with `steps`, and `characters` for the directive at `path`.

    Raises MappingResolutionError when the mapping has now spent more than its budget.
    """
    budget = _THREAD.budget
    budget.steps += 1 + steps
    budget.characters += characters
    if budget.steps > MAX_STEPS:
        raise MappingResolutionError(path, f"the mapping takes more than {MAX_STEPS} steps")
    if budget.characters > MAX_CHARACTERS:
        raise MappingResolutionError(path, f"the mapping reads and makes more than {MAX_CHARACTERS} characters")


def limited_text(text: str, path: str) -> str:
    """Return `text`, which the directive at `path` made, after spending its characters."""
    spend_text(len(text), path)
    return text


def spend_text(length: int, path: str) -> None:
    """Spend a text of `length` characters; raise if it is more than the directive at `path` may make."""
    if length > MAX_TEXT:
        raise too_long(path)
    spend(path, length)


def spend_search(path: str, searched: str, part: str = "", replacement: str = "", *, splits: bool = False) -> None:
    """Spend a search for each `part` of a text, and the text with each replaced; with `splits`, what stands between.

    At the worst Python compares each character of the text with each of the part: so many comparisons cost what a
    character does.
    """
    spend(path, len(searched) * len(part) // COMPARED_A_CHARACTER)
    times = searched.count(part)
    spend(path, steps=times if splits else 0)
    spend_text(len(searched) + times * (len(replacement) - len(part)), path)


def too_long(path: str) -> MappingResolutionError:
    """Return the error of the directive at `path` for a text longer than MAX_TEXT."""
    return MappingResolutionError(path, f"the text would be longer than {MAX_TEXT} characters")


def check_depth(depth: int, path: str) -> None:
    """Raise if the directive at `path` has walked `depth` levels into a value, and that is deep."""
    if depth > MAX_VALUE_DEPTH:
        raise too_deep(path)


def too_deep(path: str) -> MappingResolutionError:
    """Return the error of the directive at `path` for a value nested too deep."""
    return MappingResolutionError(path, f"the value is nested deeper than {MAX_VALUE_DEPTH}")


def spend_value(value: Any, path: str) -> None:
    """Spend all of `value`; raise if it is nested deeper than MAX_VALUE_DEPTH."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, str):
            spend(path, len(part))
        elif isinstance(part, dict | list):
            check_depth(depth, path)
            spend(path, sum(map(len, part)) if isinstance(part, dict) else 0, len(part))
            members = part.values() if isinstance(part, dict) else part
            waiting.extend((member, depth + 1) for member in members)

"""What a mapping can do wrong: when it is compiled, and when an event is put through it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a mapping, and what is expected there.

    `path` is a JSON pointer (https://www.rfc-editor.org/rfc/rfc6901) into the mapping. If the place is
    within a template, `offset` says where (characters from 0), as far as that is known.
    """

    path: str
    text: str
    template: str | None = None
    offset: int | None = None

    def __str__(self) -> str:
        """Give the path and the text."""
        return f"{self.path or '/'}: {self.text}"


class MappingError(ValueError):
    """A mapping that cannot be used, found when it is compiled.

    `found` holds every problem, `problems` each as "<path>: <what is wrong and what is expected>".
    """

    def __init__(self, found: Iterable[Problem]) -> None:
        """Keep the problems in the order in which they were found."""
        self.found = tuple(found)
        self.problems = tuple(map(str, self.found))
        super().__init__("; ".join(self.problems))


class MappingResolutionError(ValueError):
    """An event that a mapping cannot be resolved for.

    `path` is the JSON pointer of the directive that failed, `reason` says what it needed and what
    kind of value it got. Neither holds a value of the event, so both may be logged.
    """

    def __init__(self, path: str, reason: str) -> None:
        """Name the directive at `path` and why it failed."""
        self.path = path
        self.reason = reason
        super().__init__(f"{path or '/'}: {reason}")

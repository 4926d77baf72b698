"""What a mapping can do wrong: when it is compiled, and when an event is put through it."""

from collections.abc import Iterable


class MappingError(ValueError):
    """A mapping that cannot be used, found when it is compiled.

    `problems` holds every problem, each as "<path>: <what is wrong and what is expected>". The
    path is a JSON pointer (https://www.rfc-editor.org/rfc/rfc6901) into the mapping.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep `problems` in the order in which they were found."""
        self.problems = tuple(problems)
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

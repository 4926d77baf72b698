"""A way into a function: what it takes, what it answers, and what it says where it cannot read what came."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from actions.delivery.incoming import Incoming, IncomingError
from actions.delivery.outcome import Outcome


class EnvelopeError(IncomingError):
    """What came is not for this function, or cannot be read. `status` is the HTTP status that says so."""

    def __init__(self, message: str, status: int = 400, fields: Mapping[str, str] | None = None) -> None:
        """Keep the status, and the reasons by field."""
        super().__init__(message, fields)
        self.status = status


class Door(Protocol):
    """A way into a function."""

    name: str
    most_seconds: float

    def takes(self, event: Any) -> bool:
        """Tell whether `event` came by this door."""
        ...

    def unwrap(self, event: Any) -> Incoming:
        """Take out what is to be done. Raises IncomingError, SecretError."""
        ...

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Answer with the gravest outcome first."""
        ...

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Answer what could not be read."""
        ...


def outcomes_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Give the first outcome, and all of them beside it where several subscriptions took the event."""
    first = outcomes[0].as_json()
    return first if len(outcomes) == 1 else {**first, "outcomes": [outcome.as_json() for outcome in outcomes]}

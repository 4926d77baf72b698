"""The record of sends, as the delivery sees it: what was sent once is not sent again.

Dotdigital has no idempotency key, so a send is claimed before it is made and its outcome kept after it.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from delivery.outcome import Outcome

LEAST_SECONDS: Final = 1.0
"""A send that is cut off by the end of its time is in doubt, so none begins with less than this."""

TOO_LATE: Final = "too little time was left to send"


@dataclass(frozen=True)
class Send:
    """What makes a send one and the same: a subscription's action for an event.

    `attempt` is given by a person who lets a send that is in doubt be made again.
    """

    subscription: str
    action: str
    message_id: str
    attempt: str | None = None


class Sends(Protocol):
    """The record of sends, kept by whoever runs the actions."""

    def claim(self, send: Send) -> Outcome | None:
        """Claim a send for this function. None: it may be made. An Outcome: it may not, and that is why.

        The outcome is that of the send where it was made before, `in_doubt` where a function broke in the middle of it,
        and `retry` where another function is at it, the record cannot be reached or the time ran out.
        """
        ...

    def complete(self, send: Send, outcome: Outcome) -> None:
        """Keep the outcome of a claimed send, or give the claim up where nothing was sent."""
        ...

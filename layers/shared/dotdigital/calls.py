"""A call to the API, as the resources ask for it."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Call(NamedTuple):
    """One call to the API.

    `send` marks what must not happen twice: a break after it left raises InDoubtError instead of a retry.
    `feature` says what to switch on when the account lacks it. `most_seconds` bounds the call, beside the time that is
    left for all.
    """

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] | None = None
    send: bool = False
    feature: str | None = None
    most_seconds: float | None = None

"""Waiting for room: a file must not fill the queues faster than Dotdigital takes what is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cli.operate.place import Place
from cli.operate.queues import waiting_in

_SECONDS: Final = 5.0
"""Between two looks while a queue is full."""


class Room:
    """Lets messages through while no queue holds more than `most`, as SQS estimates it."""

    def __init__(self, place: Place, queues: Mapping[str, str], most: int, full: Callable[[str], None]) -> None:
        """Look at `queues` (URLs by action); `full` is told which queue is waited for."""
        self._place, self._queues, self._most, self._full = place, queues, most, full
        self._every = min(1000, max(10, most // 10))
        self._unlooked = self._every

    def wait_for(self, messages: int) -> None:
        """Return when there is room. It looks once in 1,000 messages, or in a tenth of `most` if that is less."""
        self._unlooked += messages
        if self._unlooked <= self._every:
            return
        while (fullest := self._fullest())[0] > self._most:
            self._full(f"waiting: the queue of {fullest[1]} holds {fullest[0]:,} messages")
            self._place.waits.sleep(_SECONDS)
        self._unlooked = messages

    def _fullest(self) -> tuple[int, str]:
        return max((waiting_in(self._place, url).messages, action) for action, url in self._queues.items())

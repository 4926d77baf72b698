"""Ctrl-C and the other polite ways to end a process, put off while a step must not be cut in two."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Final, Self

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption:
    """Turns these signals into KeyboardInterrupt while it is entered, but what nohup or a shell ignores."""

    def __init__(self) -> None:
        """Keep what is to be restored."""
        self._former: dict[int, Any] = {}
        self._put_off = False
        self._arrived = False

    def __enter__(self) -> Self:
        """Take the signals over."""
        heeded = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._former = {number: signal.signal(number, self._on_signal) for number in heeded}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give them back."""
        for number, handler in self._former.items():
            signal.signal(number, handler)

    @contextmanager
    def put_off(self) -> Iterator[None]:
        """Finish the step first; a second signal does not wait."""
        self._put_off, self._arrived = True, False
        try:
            yield
        finally:
            self._put_off = False
        if self._arrived:
            raise KeyboardInterrupt

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._put_off and not self._arrived:
            self._arrived = True
            return
        raise KeyboardInterrupt

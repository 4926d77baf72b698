"""The time that the sandbox lives in, so that tests of limits do not wait."""

from datetime import UTC, datetime, timedelta


def iso(timestamp: datetime) -> str:
    """Write a timestamp as Dotdigital does: ISO 8601 in UTC with milliseconds and a `Z`."""
    return timestamp.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """A clock that can be moved on. It follows real time, or stands still at `start`."""

    def __init__(self, start: datetime | None = None) -> None:
        """Follow real time, or stand at `start` (with a time zone) until moved."""
        self._start = start
        self._moved = timedelta()

    def now(self) -> datetime:
        """Return the present time in UTC."""
        return (self._start or datetime.now(UTC)) + self._moved

    def advance(self, seconds: float) -> None:
        """Move the clock on by that many seconds."""
        self._moved += timedelta(seconds=seconds)

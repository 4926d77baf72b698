"""The moment that a preview takes for now."""

from datetime import UTC, datetime

from cli.preview.unwrapping import InputError


def moment_of(text: str | None) -> datetime:
    """Read a moment; without one it is now. A moment without a zone is in UTC. Raises InputError."""
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError("now must be a moment as ISO 8601, such as 2026-11-20T10:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

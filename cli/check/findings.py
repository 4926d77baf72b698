"""What a check found: right, wrong, not known, or worth knowing; and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from botocore.exceptions import BotoCoreError, ClientError

from cli.ending import CommandError, explain_aws_error
from delivery.subscription import SubscriptionError
from dotdigital import DotdigitalError


class Status(StrEnum):
    """How it stands with what was checked. `unknown` could not be asked, `note` may be meant."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. `advice` is what a person does about it."""

    checked: str
    status: Status
    found: str
    advice: str = ""


def right(checked: str, found: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(checked, Status.RIGHT, found)


def wrong(checked: str, found: str, advice: str) -> Finding:
    """Return a finding that a person must act on."""
    return Finding(checked, Status.WRONG, found, advice)


def note(checked: str, found: str, advice: str = "") -> Finding:
    """Return a finding that may be meant so."""
    return Finding(checked, Status.NOTE, found, advice)


def unknown(checked: str, why: str) -> Finding:
    """Return a finding of what could not be asked."""
    return Finding(checked, Status.UNKNOWN, why)


def asked(checked: str, where: str, work: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Give what `work` finds; what AWS or Dotdigital does not tell is unknown, and hides nothing else."""
    try:
        yield from work()
    except (BotoCoreError, ClientError) as error:
        yield unknown(checked, explain_aws_error(error, where))
    except DotdigitalError as error:
        yield unknown(checked, f"Dotdigital does not say: {error}")
    except (CommandError, SubscriptionError) as error:
        yield unknown(checked, str(error))

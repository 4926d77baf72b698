"""Turns what performing a payload came to into its outcome."""

import traceback
from pathlib import Path

from delivery.action import Action
from delivery.batch import Result
from delivery.fields.payload import Payload, PayloadError
from delivery.outcome import Kind, Outcome, Skipped
from dotdigital import DotdigitalError, InDoubtError, RetryLaterError


def outcome_of[P: Payload](result: Result, action: Action[P], subscription: str) -> Outcome:
    """Give the outcome of what was performed. An exception that nobody foresaw may have broken a send."""
    if isinstance(result, PayloadError):
        return wrong_fields(result, action, subscription)
    if isinstance(result, DotdigitalError):
        return _refused(result, action, subscription)
    if isinstance(result, Exception):
        return unexpected(result, "in_doubt" if action.is_send else "retry", action, subscription)
    if isinstance(result, Skipped):
        return Outcome("skipped", action.name, subscription, result.reason)
    return Outcome("delivered", action.name, subscription, dotdigital=result)


def wrong_fields[P: Payload](error: PayloadError, action: Action[P], subscription: str) -> Outcome:
    """Give the outcome of a payload that cannot be sent."""
    return Outcome("rejected", action.name, subscription, "the fields are not right", error.fields)


def unexpected[P: Payload](error: Exception, kind: Kind, action: Action[P], subscription: str) -> Outcome:
    """Give the outcome of a fault of ours: where it was, and nothing of what it was about."""
    # It must not undo what other subscriptions did, nor put into a log what it was about.
    place = traceback.extract_tb(error.__traceback__)[-1]
    reason = f"an unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
    return Outcome(kind, action.name, subscription, reason)


def _refused[P: Payload](error: DotdigitalError, action: Action[P], subscription: str) -> Outcome:
    answer = {"status": error.status, "code": error.code, "retryAfter": error.wait}
    known = {name: value for name, value in answer.items() if value is not None}
    return Outcome(_kind_of(error), action.name, subscription, str(error), dotdigital=known or None)


def _kind_of(error: DotdigitalError) -> Kind:
    if isinstance(error, InDoubtError):
        return "in_doubt"
    return "retry" if isinstance(error, RetryLaterError) else "rejected"

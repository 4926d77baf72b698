""""""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from delivery.fields.data_fields import NOT_OF_THE_ACCOUNT
from dotdigital.redaction import shown_code

Kind = Literal["delivered", "skipped", "rejected", "retry", "in_doubt"]


@dataclass(frozen=True)
class Skipped:
    """What an action gives when there was nothing to do."""

    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of an event for one subscription.

    - `delivered`: Dotdigital accepted it; `dotdigital` has the ids that it gave
    - `skipped`: the trigger does not match, the subscription is disabled, or there was nothing to do
    - `rejected`: the event, the mapping or Dotdigital says no for good; `fields` has a reason a field
    - `retry`: the same event can succeed later; `dotdigital.retryAfter` in seconds where known
    - `in_doubt`: a send that may have happened; repeating it could send twice

    Where Dotdigital refused, `dotdigital` has its `status` and `code`, and `reason` its words without addresses and
    numbers. Nothing else here holds anything of the event's own.
    """

    outcome: Kind
    action: str
    subscription: str
    reason: str | None = None
    fields: Mapping[str, str] | None = None
    dotdigital: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the answer to whoever asked: what is not known is left out."""
        return {name: value for name, value in vars(self).items() if value is not None}


def known_fields(outcome: Outcome) -> dict[str, str]:
    """Give the reasons of the fields that have their names from an action or from the account."""
    return {field: reason for field, reason in (outcome.fields or {}).items() if reason != NOT_OF_THE_ACCOUNT}


def unknown_fields(outcome: Outcome) -> str | None:
    """Say how many data fields the account does not have, None where it has them all."""
    number = sum(reason == NOT_OF_THE_ACCOUNT for reason in (outcome.fields or {}).values())
    if not number:
        return None
    return f"{number} data field{'s' if number > 1 else ''} that the account does not have"


def shown_answer(outcome: Outcome) -> dict[str, Any]:
    """Give the status, code and ids of Dotdigital's answer."""
    answered = dict(outcome.dotdigital or {})
    if isinstance(answered.get("code"), str):
        answered["code"] = shown_code(answered["code"])
    return answered

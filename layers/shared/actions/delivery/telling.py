"""What logs and dead letters tell of an outcome: known names and codes, and of other names how many there are.

A trait may have the name of a person, and where a code should be an answer may have anything. Who asked sees the names
in the answer.
"""

from typing import Any

from actions.delivery.outcome import Outcome
from actions.fields.data_field_values import NOT_OF_THE_ACCOUNT
from dotdigital.error_codes import shown_code


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

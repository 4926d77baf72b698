"""The model that every action's payload is: read from what a mapping gave, with every problem found at once."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from delivery.fields.blanks import is_given
from delivery.fields.field_rules import FieldRules
from dotdigital import Identifier


class PayloadError(ValueError):
    """What a mapping gave cannot be sent. `fields` has a reason for each field at fault; none holds its value."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Keep the reasons by field."""
        super().__init__("; ".join(f"{field} {reason}" for field, reason in fields.items()))
        self.fields = dict(fields)


class Payload(BaseModel):
    """The fields of an action under Segment's names (the aliases). Fields that no model names are left out."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(cls, mapped: Mapping[str, Any], *, now: datetime, happened: datetime | None = None) -> Self:
        """Read what a mapping gave at the moment `now`. Raises PayloadError with every problem.

        `happened` is the moment of the event, without which it is now: a date that has passed since then is no fault.

        As in Segment, a field that is null or "" is a field that is missing; so is one of nothing but blanks. A field
        whose `DependsOn` does not hold is ignored, whatever it holds.
        """
        rules = _rules(cls)
        given = {name: value for name, value in mapped.items() if is_given(value)}
        counting = rules.counting(given)
        problems = rules.missing(counting)
        try:
            context = {"now": now, "happened": happened, "given": counting}
            payload = cls.model_validate(counting, context=context)
            problems |= payload.conflicts()
        except ValidationError as error:
            problems |= {str(problem["loc"][0]): _reason(problem) for problem in error.errors()}
        if problems:
            raise PayloadError(problems)
        return payload

    @property
    def person(self) -> str:
        """Whom the payload is about: payloads about one person keep their order. Without an answer all keep it."""
        return ""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What names the contact, what finds it first, where the order of what is done to it counts."""
        return ()

    @classmethod
    def default_mapping(cls) -> dict[str, Any]:
        """Give the mapping that Segment starts a subscription of this action with."""
        return dict(_rules(cls).defaults)

    def conflicts(self) -> Mapping[str, str]:
        """Give a reason for each field that does not go together with another; a model with such fields says them."""
        return {}


@cache
def _rules(model: type[Payload]) -> FieldRules:
    return FieldRules(model.model_fields)


def _reason(problem: Mapping[str, Any]) -> str:
    match problem["type"]:
        case "missing":
            return "is required"
        case "literal_error":
            return f"must be one of {problem['ctx']['expected']}"
        case "dict_type":
            return "must be an object"
        case _:
            return str(problem["ctx"]["error"])

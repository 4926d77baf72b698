"""The model that every action's payload is: read from what a mapping gave, with every problem found at once."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from actions.fields.conditions import DefaultMapping, DependsOn, RequiredWhen, declared
from actions.fields.scalars import flag_of, text_of


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
    def read(cls, mapped: Mapping[str, Any], *, now: datetime) -> Self:
        """Read what a mapping gave at the moment `now`. Raises PayloadError with every problem.

        As in Segment, a field that is null or "" is a field that is missing. A field whose `DependsOn` does not hold is
        ignored, whatever it holds.
        """
        given = {name: value for name, value in mapped.items() if value is not None and value != ""}
        counting = cls._counting(given)
        problems = cls._missing(counting)
        try:
            payload = cls.model_validate(counting, context={"now": now})
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

    @classmethod
    def default_mapping(cls) -> dict[str, Any]:
        """Give the mapping that Segment starts a subscription of this action with."""
        return dict(_defaults(cls))

    def conflicts(self) -> Mapping[str, str]:
        """Give a reason for each field that does not go together with another; a model with such fields says them."""
        return {}

    @classmethod
    def _counting(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        # A field is declared after those that its condition names, so what is ignored takes along what hangs on it.
        values = {**_defaults(cls), **given}
        for alias, condition in _declarations(cls, DependsOn):
            if not _hold(condition.values, values):
                values.pop(alias, None)
        return {alias: value for alias, value in given.items() if alias in values}

    @classmethod
    def _missing(cls, counting: Mapping[str, Any]) -> dict[str, str]:
        return {
            alias: "is required"
            for alias, condition in _declarations(cls, RequiredWhen)
            if alias not in counting and _hold(condition.values, counting)
        }


@cache
def _declarations[T](model: type[Payload], kind: type[T]) -> tuple[tuple[str, T], ...]:
    found = ((field.alias or name, declared(field, kind)) for name, field in model.model_fields.items())
    return tuple((alias, declaration) for alias, declaration in found if declaration)


@cache
def _defaults(model: type[Payload]) -> Mapping[str, Any]:
    return {alias: default.mapping for alias, default in _declarations(model, DefaultMapping)}


def _hold(expected: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    return all(alias in values and _is(values[alias], value) for alias, value in expected.items())


def _is(value: Any, expected: bool | str) -> bool:
    try:
        return expected == (flag_of(value) if isinstance(expected, bool) else text_of(value))
    except ValueError:
        return False


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

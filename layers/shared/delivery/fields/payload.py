"""The model of every action's payload: read from what a mapping gave, with every problem found at once.

A field declares beside its type when it counts, when it is required, and what Segment maps to it.
https://github.com/segmentio/action-destinations (docs of `depends_on`, `required` and `default`)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo

from delivery.fields.scalars import flag_of, folded, is_given, text_of
from dotdigital import Identifier

MISSING: Final = "is required"
"""The reason of a field that is not there and has to be."""

_NOWHERE: Final = object()


@dataclass(frozen=True)
class DependsOn:
    """The field counts only where every one of these fields counts and has this value; elsewhere it is ignored.

    A field that is not mapped has the value of its default mapping here, as it has where Segment shows or hides fields.
    Where `otherwise` is given the field counts where that holds, too.
    """

    values: Mapping[str, Any]
    otherwise: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RequiredWhen:
    """The field is required where every one of these fields has this value."""

    values: Mapping[str, Any]


@dataclass(frozen=True)
class DefaultMapping:
    """What the action's default mapping gives for the field: a value, or a directive of the mapping language."""

    mapping: Any


@dataclass(frozen=True)
class SkipsWithout:
    """If the field is `skip`, an event that gives none of these fields is skipped: it names nobody."""

    fields: frozenset[str]

    @classmethod
    def of(cls, *fields: str) -> Self:
        """Name the fields, each of which names whom an event is about."""
        return cls(frozenset(fields))


def declared[T](field: FieldInfo, kind: type[T]) -> T | None:
    """Give what `field` declares of that kind, None where it does not."""
    return next((item for item in field.metadata if isinstance(item, kind)), None)


def first_of(*paths: str) -> dict[str, Any]:
    """Give the mapping that takes the first of these paths that exists, as Segment's coalesce writes it."""
    first, *others = paths
    if not others:
        return {"@path": first}
    return {"@if": {"exists": {"@path": first}, "then": {"@path": first}, "else": first_of(*others)}}


class PayloadError(ValueError):
    """What a mapping gave cannot be sent. `fields` has a reason for each field at fault; none holds its value."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Keep the reasons by field."""
        super().__init__("; ".join(f"{field} {reason}" for field, reason in fields.items()))
        self.fields = dict(fields)


class EmptyIdentifierError(Exception):
    """The event names nobody, and the mapping says to skip it."""


class Reading(NamedTuple):
    """What a field's validator can know beside its value: pydantic's validation context.

    `now` is the time of the reading, `happened` that of the event, `received` that since which the event waits in its
    queue; neither is later. `given` are the fields that count, by alias, as the mapping gave them.
    """

    now: datetime
    happened: datetime
    received: datetime
    given: Mapping[str, Any]


def reading_of(info: ValidationInfo) -> Reading:
    """Give what a validator can know beside its value. Raises TypeError outside `Payload.read`."""
    if not isinstance(info.context, Reading):
        raise TypeError("payloads are read by Payload.read")
    return info.context


class Payload(BaseModel):
    """The fields of an action under Segment's names (the aliases). Fields that no model names are left out."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(
        cls,
        mapped: Mapping[str, Any],
        *,
        now: datetime,
        happened: datetime | None = None,
        received: datetime | None = None,
    ) -> Self:
        """Read what a mapping gave. Raises PayloadError with every problem, EmptyIdentifierError.

        `now` is the time of the reading, `happened` that of the event, `received` that since which the event waits in
        its queue; without the last two it is `now`. A date that has passed since the event happened is no fault.

        As in Segment, a field that is null or "" is a field that is missing; so is one of nothing but blanks. A field
        whose `DependsOn` does not hold is ignored, whatever it holds.
        """
        rules = _rules_of(cls)
        given = {name: value for name, value in mapped.items() if is_given(value)}
        counting = rules.counting(given)
        if rules.skips(given, counting):
            raise EmptyIdentifierError
        reading = Reading(now, min(happened or now, now), received or now, counting)
        payload, problems = cls._validated(reading)
        if payload is not None:
            problems |= payload.conflicts()
        if payload is None or problems:
            raise PayloadError(problems)
        return payload

    @classmethod
    def wrong_fields(cls, mapped: Mapping[str, Any], now: datetime) -> dict[str, str]:
        """Give a reason for each field that is missing or wrong by itself; not what `conflicts` tells of several."""
        counting = _rules_of(cls).counting({name: value for name, value in mapped.items() if is_given(value)})
        return cls._validated(Reading(now, now, now, counting))[1]

    @classmethod
    def _validated(cls, reading: Reading) -> tuple[Self | None, dict[str, str]]:
        problems = _rules_of(cls).missing(reading.given)
        try:
            return cls.model_validate(reading.given, context=reading), problems
        except ValidationError as error:
            return None, problems | {str(problem["loc"][0]): _reason(problem) for problem in error.errors()}

    @property
    def person(self) -> str:
        """Whom the payload is about: payloads about one person keep their order. "" keeps the order of all."""
        return ""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What names the contact, what finds it first, where the order of what is done to it counts."""
        return ()

    @classmethod
    def default_mapping(cls) -> dict[str, Any]:
        """Give the mapping that Segment starts a subscription of this action with."""
        return dict(_rules_of(cls).defaults)

    def conflicts(self) -> Mapping[str, str]:
        """Give a reason for each field that does not go together with another; models with such fields override it."""
        return {}


def _reason(problem: Mapping[str, Any]) -> str:
    match problem["type"]:
        case "missing":
            return MISSING
        case "literal_error":
            return f"must be one of {problem['ctx']['expected']}"
        case "dict_type":
            return "must be an object"
        case _:
            return str(problem["ctx"]["error"])


class _Rules:
    """What the fields of one model declare of each other, by alias. `defaults` is the model's default mapping."""

    def __init__(self, fields: Mapping[str, FieldInfo]) -> None:
        depends_on = _declarations(fields, DependsOn)
        self.defaults = {alias: default.mapping for alias, default in _declarations(fields, DefaultMapping).items()}
        self._depends_on = [
            (alias, tuple(each.values.items()), tuple((each.otherwise or {}).items()))
            for alias, each in depends_on.items()
        ]
        self._required_when = [
            (alias, tuple(each.values.items())) for alias, each in _declarations(fields, RequiredWhen).items()
        ]
        self._skips = [(alias, each.fields) for alias, each in _declarations(fields, SkipsWithout).items()]
        self._asked = {other for _, *both in self._depends_on for condition in both for other, _ in condition}

    def counting(self, given: dict[str, Any]) -> dict[str, Any]:
        """Give `given` without the fields whose `DependsOn` does not hold, whatever they hold."""
        # A field is declared after those that its condition names, so what is ignored takes along what hangs on it.
        values, ignored = self.defaults | given, set[str]()
        for alias, condition, otherwise in self._depends_on:
            if alias not in given and alias not in self._asked:
                continue
            for other, expected in condition:
                if other in ignored or not _is(values.get(other, _NOWHERE), expected):
                    if not otherwise or not all(_is(values.get(name, _NOWHERE), each) for name, each in otherwise):
                        ignored.add(alias)
                    break
        return {alias: value for alias, value in given.items() if alias not in ignored} if ignored else given

    def skips(self, given: Mapping[str, Any], counting: Mapping[str, Any]) -> bool:
        """Tell whether `given` names nobody, in a field that counts or in one that does not, and is to be skipped."""
        return any(fields.isdisjoint(given) and _is(counting.get(alias), "skip") for alias, fields in self._skips)

    def missing(self, counting: Mapping[str, Any]) -> dict[str, str]:
        """Give a reason for each field that is not there and has to be."""
        return {
            alias: MISSING
            for alias, condition in self._required_when
            if alias not in counting and all(_is(counting.get(other, _NOWHERE), value) for other, value in condition)
        }


@cache
def _rules_of(model: type[Payload]) -> _Rules:
    return _Rules(model.model_fields)


def _declarations[T](fields: Mapping[str, FieldInfo], kind: type[T]) -> dict[str, T]:
    found = ((field.alias or name, declared(field, kind)) for name, field in fields.items())
    return {alias: declaration for alias, declaration in found if declaration}


def _is(value: Any, expected: bool | str) -> bool:
    if value is expected:
        return True
    try:
        return flag_of(value) is expected if isinstance(expected, bool) else folded(text_of(value)) == folded(expected)
    except ValueError:
        return False

"""What the fields of an action get from a mapping, which part of it that is, and what becomes of each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from delivery.fields.payload import MISSING, DefaultMapping, DependsOn, Payload, declared
from delivery.fields.scalars import is_given
from segment_events import MappingResolutionError, compile_mapping

Status = Literal["used", "empty", "ignored", "unknown", "missing", "wrong"]
_WHOLE: Final = "__segment_internal_directive"


@dataclass(frozen=True)
class FieldPreview:
    """A field: what the mapping says, what this event takes of it, the value, and what becomes of it.

    `used`, `empty` (null or blank text, which count as nothing), `ignored` (its condition does not hold: `reason`),
    `unknown` (no field of the action), `missing` (it is required, and the mapping gives nothing), or `wrong` with its
    `reason`.
    """

    name: str
    expression: str | None
    source: str | None
    value: Any
    status: Status
    reason: str | None = None


@dataclass(frozen=True)
class Mapped:
    """What a mapping gave: the `mapping` as it is written (None: the payload came as it is), the event, the values."""

    mapping: Mapping[str, Any] | None
    event: Mapping[str, Any]
    values: Mapping[str, Any]

    @property
    def written(self) -> Mapping[str, Any]:
        """The expressions by field; none where one directive stands for the whole mapping."""
        mapping = self.mapping or {}
        return {} if _WHOLE in mapping or any(key.startswith("@") for key in mapping) else mapping


def field_previews(
    model: type[Payload], mapped: Mapped, problems: Mapping[str, str], now: datetime
) -> list[FieldPreview]:
    """Give every field that is mapped or at fault; `problems` has the reasons by field."""
    fields = {field.alias or name: (name, field) for name, field in model.model_fields.items()}
    counting = _counting(model).read(mapped.values, now=now).model_fields_set

    def status(alias: str, value: Any) -> tuple[Status, str | None]:
        if problem := problems.get(alias):
            return "missing" if problem == MISSING and not is_given(value) else "wrong", problem
        if alias not in fields:
            return "unknown", "no field of the action, so it is left out"
        if not is_given(value):
            return "empty", None
        name, field = fields[alias]
        return ("used", None) if name in counting else ("ignored", _condition(field))

    previews = []
    for alias in dict.fromkeys([*mapped.written, *mapped.values, *problems]):
        expression = source = None
        if alias in mapped.written:
            written = mapped.written[alias]
            expression, source = wording(written), wording(taken(written, mapped.event))
        value = mapped.values.get(alias)
        previews.append(FieldPreview(alias, expression, source, value, *status(alias, value)))
    return previews


def _condition(field: FieldInfo) -> str:
    condition = declared(field, DependsOn)
    ways = [condition.values, condition.otherwise or {}] if condition else []
    return f"counts only with {' or '.join(' and '.join(_pairs(way)) for way in ways if way)}"


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for alias, value in values.items():
        yield f"{alias} {str(value).lower() if isinstance(value, bool) else value}"


@cache
def _counting(model: type[Payload]) -> type[Payload]:
    """The same fields with the same conditions and any values: what it takes up is what counts."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kept = [item for kind in (DependsOn, DefaultMapping) if (item := declared(field, kind))]
        annotation: Any = Any
        for item in kept:
            annotation = Annotated[annotation, item]
        fields[name] = (annotation, Field(None, alias=field.alias or name))
    counting: type[Payload] = create_model(f"Counting{model.__name__}", __base__=Payload, **fields)
    return counting


def wording(expression: Any) -> str:
    """Say a part of a mapping in short: `$.properties.email`; a condition with both its branches."""
    match expression:
        case {"@path": str(path)}:
            return path
        case {"@template": str(template)}:
            return f"template {_json(template)}"
        case {"@literal": value}:
            return wording(value)
        case {"@if": dict(arguments)}:
            return _choice(arguments)
        case None:
            return "nothing"
        case _:
            return _json(expression)


def _choice(arguments: Mapping[str, Any]) -> str:
    then, otherwise = wording(arguments.get("then")), wording(arguments.get("else"))
    if "exists" not in arguments:
        return f"{then} if {wording(arguments.get('blank'))} is not blank, else {otherwise}"
    if arguments["exists"] == arguments.get("then"):
        return f"{then}, else {otherwise}"
    return f"{then} if {wording(arguments['exists'])} exists, else {otherwise}"


def taken(expression: Any, event: Mapping[str, Any]) -> Any:
    """Give the branch of an expression that an event takes; an expression without branches as it is."""
    match expression:
        case {"@if": dict(arguments)}:
            return taken(arguments.get(_branch(arguments, event)), event)
        case {"@literal": value}:
            return taken(value, event)
        case _:
            return expression


def _branch(arguments: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    # The directive itself decides, with the names of its branches in place of what stands in them.
    asked = {name: value for name, value in arguments.items() if name in ("exists", "blank")}
    resolve = compile_mapping({"branch": {"@if": {**asked, "then": "then", "else": "else"}}})
    try:
        return str(resolve(event)["branch"])
    except MappingResolutionError:
        return "then"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

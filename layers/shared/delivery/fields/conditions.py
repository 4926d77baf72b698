"""What a payload field declares beside its type: when it counts, when it is required, what Segment maps to it.

https://github.com/segmentio/action-destinations (docs of `depends_on`, `required` and `default`)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo


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


def declared[T](field: FieldInfo, kind: type[T]) -> T | None:
    """Give what `field` declares of that kind, None where it does not."""
    return next((item for item in field.metadata if isinstance(item, kind)), None)


def first_of(*paths: str) -> dict[str, Any]:
    """Give the mapping that takes the first of these paths that exists, as Segment's coalesce writes it."""
    first, *others = paths
    if not others:
        return {"@path": first}
    return {"@if": {"exists": {"@path": first}, "then": {"@path": first}, "else": first_of(*others)}}

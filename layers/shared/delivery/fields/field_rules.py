"""What the fields of a payload declare of each other, worked out once: which count, and which must be there."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic.fields import FieldInfo

from delivery.fields.blanks import folded
from delivery.fields.conditions import DefaultMapping, DependsOn, RequiredWhen, declared
from delivery.fields.scalars import flag_of, text_of

_MISSING: Final = object()


class FieldRules:
    """The rules of one model, by the aliases of its fields. `defaults` is its default mapping."""

    def __init__(self, fields: Mapping[str, FieldInfo]) -> None:
        """Read what `fields` declare."""
        depends_on = _declarations(fields, DependsOn)
        self.defaults = {alias: default.mapping for alias, default in _declarations(fields, DefaultMapping).items()}
        self._depends_on = [
            (alias, tuple(each.values.items()), tuple((each.otherwise or {}).items()))
            for alias, each in depends_on.items()
        ]
        self._required_when = [
            (alias, tuple(each.values.items())) for alias, each in _declarations(fields, RequiredWhen).items()
        ]
        self._asked = {other for _, *both in self._depends_on for condition in both for other, _ in condition}

    def counting(self, given: dict[str, Any]) -> dict[str, Any]:
        """Give `given` without the fields whose `DependsOn` does not hold, whatever they hold."""
        # A field is declared after those that its condition names, so what is ignored takes along what hangs on it.
        values, ignored = self.defaults | given, set[str]()
        for alias, condition, otherwise in self._depends_on:
            if alias not in given and alias not in self._asked:
                continue
            for other, expected in condition:
                if other in ignored or not _is(values.get(other, _MISSING), expected):
                    if not otherwise or not all(_is(values.get(name, _MISSING), each) for name, each in otherwise):
                        ignored.add(alias)
                    break
        return {alias: value for alias, value in given.items() if alias not in ignored} if ignored else given

    def missing(self, counting: Mapping[str, Any]) -> dict[str, str]:
        """Give a reason for each field that is not there and has to be."""
        return {
            alias: "is required"
            for alias, condition in self._required_when
            if alias not in counting and all(_is(counting.get(other, _MISSING), value) for other, value in condition)
        }


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

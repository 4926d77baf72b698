"""A collection of Insight data: its records, and the types that its first records gave its fields."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, JsonValue

from dev.sandbox.record import Record

Scope = Literal["account", "contact"]
STANDARD: Final = (
    "cartInsight",
    "catalog",
    "consentInsight",
    "easyEditorExtensions",
    "nostoEmailCampaigns",
    "orders",
    "productCategories",
    "webInsight",
    "wishList",
)


class Collection(Record):
    """A collection. Its records are kept by owner (a contact's id, or "account") and key."""

    scope: Scope
    type: str
    records: dict[str, dict[str, dict[str, JsonValue]]] = Field(default_factory=dict)
    fields: dict[str, str] = Field(default_factory=dict)

    def problem_of(self, record: dict[str, JsonValue]) -> str | None:
        """Why the record does not fit the fields of the records before it, None where it does."""
        for name, value in record.items():
            if _has_nested_list(value):
                return f"{name}: a list may not hold a list"
            if value is not None and self.fields.get(name, _kind(value)) != _kind(value):
                return f"{name}: the value is not a {self.fields[name]} as in the collection's schema"
        return None

    def put(self, owner: str, key: str, record: dict[str, JsonValue]) -> bool:
        """Keep a record; answers whether there was one with its key."""
        records = self.records.setdefault(owner, {})
        replaced = key in records
        records[key] = record
        for name, value in record.items():
            if value is not None:
                self.fields.setdefault(name, _kind(value))
        return replaced


def _kind(value: JsonValue) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "object"


def _has_nested_list(value: JsonValue) -> bool:
    match value:
        case list():
            return any(isinstance(item, list) or _has_nested_list(item) for item in value)
        case dict():
            return any(_has_nested_list(item) for item in value.values())
        case _:
            return False

"""Reads the report of a contact import: which of the contacts that were asked for became what.

https://developer.dotdigital.com/reference/importcontacts-1
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dotdigital.account_codes import account_hint
from dotdigital.contacts import Identifier, one_spelling
from dotdigital.errors import AccountRefusesError, RejectedError
from dotdigital.ids import is_positive
from dotdigital.redaction import redact

Result = int | RejectedError | AccountRefusesError
"""What became of one contact: its id, or why not."""


def results_of(report: Mapping[str, Any], asked: Iterable[Identifier]) -> dict[Identifier, Result]:
    """Give for each of `asked` that the report names the contact's id, or the error with its failure codes.

    A contact that was created or updated and is among the failures too has failed: a part of it was not done.
    """
    names = _names(asked)
    results: dict[Identifier, Result] = {}
    for entry in [*_dicts(report.get("created")), *_dicts(report.get("updated"))]:
        contact_id = entry.get("contactId")
        if is_positive(contact_id):
            results |= dict.fromkeys(_named(_dict(entry.get("identifiers")), names), contact_id)
    for entry in _dicts(report.get("failures")):
        results |= dict.fromkeys(_named(_matched(entry), names), _refusal(entry))
    return results


def _names(asked: Iterable[Identifier]) -> dict[tuple[str, str], Identifier]:
    """The identifiers by what a report may call them. Two that differ in case alone cannot be told apart."""
    names: dict[tuple[str, str], Identifier | None] = {}
    for identifier in asked:
        key = _key(identifier.channel, identifier.value)
        names[key] = None if key in names else identifier
    return {key: identifier for key, identifier in names.items() if identifier}


def _key(channel: str, value: str) -> tuple[str, str]:
    return channel, value.removeprefix("+") if channel == "mobileNumber" else one_spelling(value)


def _named(identifiers: Mapping[str, Any], names: Mapping[tuple[str, str], Identifier]) -> Iterator[Identifier]:
    for channel, value in identifiers.items():
        if isinstance(value, str) and (known := names.get(_key(channel, value))):
            yield known


def _matched(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The identifiers of a failure: the one that it was to be found by, where the report says which, else all."""
    identifiers, match = _dict(entry.get("identifiers")), entry.get("matchIdentifier")
    return {match: identifiers[match]} if isinstance(match, str) and match in identifiers else identifiers


def _refusal(entry: Mapping[str, Any]) -> RejectedError | AccountRefusesError:
    failures = _dicts(entry.get("failures"))
    codes, words = _texts(failures, "failureCode"), _texts(failures, "description")
    description = redact("; ".join(words)) or "the import's report says that it failed"
    code = redact(", ".join(codes)) or None
    if hint := account_hint(None, code):
        return AccountRefusesError(f"{description}; {hint}", code=code)
    return RejectedError(description, code=code)


def _texts(failures: list[dict[str, Any]], key: str) -> list[str]:
    return [failure[key] for failure in failures if isinstance(failure.get(key), str)]


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}

"""Holds every request to Dotdigital, and the sandbox's response, against the vendor's published descriptions.

Their facts are in tests/contract/dotdigital.json, whose `about` tells the notation; they become JSON Schema here.
https://python-jsonschema.readthedocs.io/en/stable/validate/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from jsonschema import Draft202012Validator, FormatChecker

from dev.sandbox.api import family
from dev.sandbox.journal import RequestRecord

CONTRACT: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "contract" / "dotdigital.json").read_text(encoding="utf-8")
)
_VALUE: Final = re.compile(
    r"(?P<type>[a-z]+(32)?)(?P<null>\?)?( (?P<least>\d*)\.\.(?P<most>\d*))?( in (?P<choices>\S+))?( ~(?P<format>\S+))?"
)
_INT32: Final = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
_FORMATS: Final = {
    "date-time": r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "timestamp": r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?",
    "uri": r"[a-z][a-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "address": r"[^\s@]+@[^\s@]+",
    "collection": r"[-a-z_][-a-z0-9_]{1,255}",
    "fieldName": r"[a-z0-9_-]{1,20}",
}
_V2_CODE: Final = re.compile(r"ERROR_[A-Z0-9_]*[A-Z0-9]")


class Departure(NamedTuple):
    """Where a request, or the sandbox's response to it, is not what the contract says."""

    in_request: bool
    record: RequestRecord
    problem: str

    @property
    def is_refused(self) -> bool:
        """Whether the request was refused as the caller's fault."""
        status = self.record.status
        return status is not None and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR

    def __str__(self) -> str:
        """Give the request and what is wrong."""
        path = self.record.raw_path.partition("?")[0]
        response = "" if self.in_request else f", response {self.record.status}"
        return f"{self.record.method} {path}{response}: {self.problem}"


def departures(records: Iterable[RequestRecord]) -> Iterator[Departure]:
    """Give what is not as the contract says. A response that an armed failure made is the test's own and not read."""
    for record in records:
        path, _, query = record.raw_path.partition("?")
        found = _operation(record.method, path)
        if found is None:
            yield Departure(True, record, "the contract does not know this request")
            continue
        operation, values = found
        if "deprecated" in operation:
            yield Departure(True, record, operation["deprecated"])
        for problem in _in_request(operation, values, dict(parse_qsl(query, keep_blank_values=True)), record):
            yield Departure(True, record, problem)
        if record.status is not None and record.failure is None:
            for problem in _in_response(operation, str(record.status), record):
                yield Departure(False, record, problem)


def _operation(method: str, path: str) -> tuple[Mapping[str, Any], dict[str, str]] | None:
    for name, pattern in _patterns():
        if match := pattern.fullmatch(f"{method} {path}"):
            return CONTRACT["operations"][name], {key: unquote(text) for key, text in match.groupdict().items()}
    return None


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Give the operations with a pattern of how each is requested, those with fewer values in their paths first."""
    rows = []
    for name in sorted(CONTRACT["operations"], key=lambda name: str(name).count("{")):
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(name))
        # The slash after a fixed path is Segment's own and known to work.
        rows.append((name, re.compile(pattern if "{" in name else f"{pattern}/?")))
    return rows


def _in_request(
    operation: Mapping[str, Any], values: Mapping[str, str], query: Mapping[str, str], record: RequestRecord
) -> Iterator[str]:
    for part, texts in (("path", values), ("query", query)):
        facts = operation.get(part, {})
        yield from _problems(facts, {name: _typed(facts, name, text) for name, text in texts.items()}, part)
    if "body" not in operation:
        yield from [] if record.body is None else ["it has a body"]
        return
    if record.headers.get("content-type", "").partition(";")[0] != "application/json":
        yield "its content type is not application/json"
    undescribed = operation.get("undescribed")
    fact = operation["body"] | undescribed if undescribed else operation["body"]
    yield from _problems(fact, record.body, "body", any_case=operation.get("anyCase", False))


def _typed(facts: Mapping[str, str], name: str, text: str) -> object:
    fact = facts.get(name) or facts.get(f"{name}!", "")
    return int(text) if fact.startswith("int") and re.fullmatch(r"-?[0-9]+", text) else text


def _in_response(operation: Mapping[str, Any], status: str, record: RequestRecord) -> Iterator[str]:
    sources = (operation, operation.get("observed", {}), CONTRACT["anywhere"][family(record.path)])
    known = [source["responses"][status] for source in sources if status in source.get("responses", {})]
    if not known:
        yield "the contract does not know this status"
        return
    tries = [_in_body(fact, record.response) for fact in known]
    if all(tries):
        yield from tries[0]
    codes = [code for source in sources for code in source.get("codes", {}).get(status, ())]
    if codes and (code := _code(record.response)) and code not in codes:
        yield f"the contract does not know {code}"


def _in_body(fact: Any, response: object) -> list[str]:
    if fact is None:
        return [] if response is None else ["it has a body"]
    if isinstance(fact, str) and fact.startswith("bytes"):
        return []
    return list(_problems(fact, response, "body"))


def _code(response: object) -> str | None:
    if not isinstance(response, dict):
        return None
    in_text = _V2_CODE.search(str(response.get("message", "")))
    return response.get("errorCode") or (in_text.group() if in_text else None)


def _problems(fact: Any, value: object, where: str, *, any_case: bool = False) -> Iterator[str]:
    for error in _validator(json.dumps(fact), any_case=any_case).iter_errors(_lower(value) if any_case else value):
        yield f"{'.'.join([where, *map(str, error.absolute_path)])}: {error.message}"


@cache
def _validator(fact: str, *, any_case: bool) -> Draft202012Validator:
    schema = _schema(json.loads(fact), any_case=any_case)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=_format_checker())


@cache
def _format_checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, pattern in _FORMATS.items():
        checker.checks(name)(partial(_has_form, re.compile(pattern, re.IGNORECASE)))
    return checker


def _has_form(pattern: re.Pattern[str], value: object) -> bool:
    return not isinstance(value, str) or pattern.fullmatch(value) is not None


def _schema(fact: Any, *, any_case: bool) -> dict[str, Any]:
    """Give the JSON Schema of a fact, with names in lower case where they are compared in any."""
    if isinstance(fact, list):
        least, _, most = fact[1].partition("..") if len(fact) > 1 else ("", "", "")
        limits = {name: int(text) for name, text in (("minItems", least), ("maxItems", most)) if text}
        return {"type": "array", "items": _schema(fact[0], any_case=any_case), **limits}
    if isinstance(fact, dict):
        named = {name.lower() if any_case else name: value for name, value in fact.items() if name not in ("*", "-")}
        return {
            "type": "object",
            "properties": {name.rstrip("!"): _schema(value, any_case=any_case) for name, value in named.items()},
            "required": [name.rstrip("!") for name in named if name.endswith("!")],
            "additionalProperties": _schema(fact["*"], any_case=any_case) if "*" in fact else False,
        }
    if fact.startswith("@"):
        return _schema(CONTRACT["types"][fact[1:]], any_case=any_case)
    return _value_schema(fact)


def _value_schema(fact: str) -> dict[str, Any]:
    if fact == "any":
        return {}
    match = _VALUE.fullmatch(fact)
    assert match, f"the contract's notation has no {fact!r}"
    schema: dict[str, Any] = dict(_INT32) if match["type"] == "int32" else {"type": match["type"]}
    least, most = ("minLength", "maxLength") if match["type"] == "string" else ("minimum", "maximum")
    schema |= {name: int(text) for name, text in ((least, match["least"]), (most, match["most"])) if text}
    if match["choices"]:
        schema["enum"] = match["choices"].split("|")
    if match["format"]:
        assert match["format"] in _FORMATS, f"the contract's notation has no format {match['format']}"
        schema["format"] = match["format"]
    return {"anyOf": [schema, {"type": "null"}]} if match["null"] else schema


def _lower(value: object) -> object:
    if isinstance(value, dict):
        return {str(key).lower(): _lower(item) for key, item in value.items()}
    return [_lower(item) for item in value] if isinstance(value, list) else value

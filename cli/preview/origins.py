"""Where a value of a mapping comes from: its expression as a person says it, and the branch that an event takes."""

import json
from collections.abc import Mapping
from typing import Any

from segment_events import MappingResolutionError, compile_mapping


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

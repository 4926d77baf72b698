"""The directives by name. @liquid is imported when a mapping first uses it: it is not small."""

from typing import Any, Final

from segment_events.mapping.case import case
from segment_events.mapping.compiler import Directive, Node, Place
from segment_events.mapping.conditions import exclude_when_null, if_
from segment_events.mapping.json_directive import json_
from segment_events.mapping.look_ups import array_path, literal, path
from segment_events.mapping.objects import flatten, merge
from segment_events.mapping.replacing import replace
from segment_events.mapping.template import template
from segment_events.mapping.transform import transform


def _liquid(argument: Any, place: Place) -> Node:
    from segment_events.mapping.liquid_directive import liquid  # noqa: PLC0415

    return liquid(argument, place)


DIRECTIVES: Final[dict[str, Directive]] = {
    "@arrayPath": array_path,
    "@case": case,
    "@excludeWhenNull": exclude_when_null,
    "@flatten": flatten,
    "@if": if_,
    "@json": json_,
    "@liquid": _liquid,
    "@literal": literal,
    "@merge": merge,
    "@path": path,
    "@replace": replace,
    "@template": template,
    "@transform": transform,
}

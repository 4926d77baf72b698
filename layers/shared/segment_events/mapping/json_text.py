"""@json, and JSON text as JavaScript writes and reads it: JSON.stringify and JSON.parse.

No spaces, letters beyond ASCII as they are, keys that are array indexes first, no NaN or
Infinity. https://tc39.es/ecma262/ (SerializeJSONProperty). Integers keep all their digits.
"""

import json
import math
import re
from typing import Any, Final

from segment_events.mapping.compiler import INVALID, Node, Place, choice_argument, named_arguments
from segment_events.mapping.javascript import UNDEFINED, is_truthy, number_text, ordered_keys
from segment_events.mapping.limits import limited_text, spend, spend_value, too_deep

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NO_JSON: Final = frozenset(("NaN", "Infinity", "-Infinity"))


def json_(argument: Any, place: Place) -> Node:
    """Compile @json, `mode` being encode or decode in any letter case.

    Nothing encodes to nothing. To decode, a text that is no JSON and a value that is no text are
    given as they are.
    """
    arguments = named_arguments(argument, place, "mode", "value")
    if arguments is None:
        return INVALID
    mode = choice_argument(arguments, "mode", place, ("encode", "decode"))
    value = arguments.get("value")
    node = place.at("value").compile(value)
    if not is_truthy(value):
        return place.at("value").problem("should be a directive or a value that is not empty")
    path = place.path

    def encoded(value: Any) -> Any:
        return value if value is UNDEFINED else encode(value, path)

    def decoded(value: Any) -> Any:
        return decode(value, path) if isinstance(value, str) else value

    return place.apply(encoded if mode == "encode" else decoded, node)


def encode(value: Any, path: str) -> str:
    """Return `value` as JSON text; what is nothing in a list is null.

    Raises MappingResolutionError for the directive at `path` when it nests too deep or is too
    long.
    """
    spend_value(value, path)
    return limited_text(_encoded(value), path)


def _encoded(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        text = number_text(value)
        return text if text not in _NO_JSON else "null"
    if isinstance(value, list):
        return f"[{','.join([_encoded(item) for item in value])}]"
    if isinstance(value, dict):
        members = [f"{_quoted(key)}:{_encoded(value[key])}" for key in ordered_keys(value)]
        return f"{{{','.join(members)}}}"
    return "null"


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if text.isascii():
        return quoted
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def decode(text: str, path: str) -> Any:
    """Return what JSON `text` says, or `text` itself where it is no JSON.

    A key "__proto__" is left out: JavaScript takes it for more than a key. Raises
    MappingResolutionError for the directive at `path` when the value nests too deep.
    """
    spend(path, len(text))
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refused, parse_float=_number)
    except ValueError:
        return text
    except RecursionError:
        raise too_deep(path) from None
    spend_value(value, path)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if key != "__proto__"}


def _refused(text: str) -> Any:
    raise ValueError(text)


def _number(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text)

"""Turns a mapping into a closure, once, so that an event costs no more than finding its values.

A part of a mapping without directives is a constant. An object is copied with its constants in
place and only its directives are resolved. Every problem in the mapping is collected with the
path to it; the walk goes on past each, into lists and untaken branches too.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from segment_events.mapping.errors import MappingResolutionError, Problem
from segment_events.mapping.javascript import UNDEFINED, Undefined, utf16_length
from segment_events.mapping.limits import MAX_MAPPING_DEPTH
from segment_events.spelling import did_you_mean

METADATA: Final = "_metadata"
"""Key that Segment's editor leaves beside a directive; it means nothing to a mapping."""

_SPENDS_NOTHING: Final = frozenset(("@if", "@literal", "@path"))


@dataclass(frozen=True, slots=True)
class Constant:
    """A part of a mapping that gives the same value for every event."""

    value: Any


NOTHING: Final = Constant(UNDEFINED)
INVALID: Final = Constant(UNDEFINED)
"""Stands in for a part of a mapping that has a problem."""

type Resolver = Callable[[Any], Any]
"""From the root (the event, or an item of @arrayPath) to a value or UNDEFINED."""

type Node = Constant | Resolver
type Directive = Callable[[Any, Place], Node]


@dataclass(slots=True)
class Compilation:
    """What one mapping is compiled with, and what was found on the way.

    `spends` is set when something of the mapping spends its budget. `may_have_holes` is set when a
    list of the result may hold UNDEFINED. `aliases` holds paths under which the root directive has
    put other parts of the mapping, with their own paths.
    """

    directives: Mapping[str, Directive]
    now: Callable[[], datetime]
    problems: list[Problem] = field(default_factory=list)
    spends: bool = False
    may_have_holes: bool = False
    aliases: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a mapping: compiles what stands there, and names it in problems and errors."""

    compilation: Compilation
    keys: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The JSON pointer of this place."""
        path = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in self.keys)
        for alias, own_path in self.compilation.aliases.items():
            if path.startswith(f"{alias}/"):
                return own_path + path.removeprefix(alias)
        return path

    def at(self, *keys: str) -> "Place":
        """Return the place under `keys`."""
        return Place(self.compilation, self.keys + keys)

    def problem(self, text: str, template: str | None = None, offset: int | None = None) -> Constant:
        """Note a problem here; what it returns stands in for the part that cannot be compiled."""
        self.compilation.problems.append(Problem(self.path, text, template, offset))
        return INVALID

    def error(self, reason: str) -> MappingResolutionError:
        """Return the error to raise when the directive here fails on an event."""
        return MappingResolutionError(self.path, reason)

    def compile(self, value: Any) -> Node:
        """Compile `value`: a directive, an object or list with directives in it, or a constant."""
        if isinstance(value, Mapping | list | tuple) and len(self.keys) >= MAX_MAPPING_DEPTH:
            return self.problem(f"a mapping may be nested {MAX_MAPPING_DEPTH} levels deep, no more")
        if isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                return self.problem("the keys of an object must be texts")
            return self._compile_directive(value) if is_directive(value) else self._compile_object(value)
        return self._compile_list(value) if isinstance(value, list | tuple) else self._compile_scalar(value)

    def _compile_directive(self, value: Mapping[str, Any]) -> Node:
        names = [key for key in value if key.startswith("@")]
        if len(names) > 1 or any(key not in {names[0], METADATA} for key in value):
            return self.problem(f"a directive must stand alone in its object, which has {', '.join(sorted(value))}")
        directive = self.compilation.directives.get(names[0])
        if directive is None:
            known = sorted(self.compilation.directives)
            meant = did_you_mean(names[0], known)
            return self.problem(f"{names[0]} is no directive{meant or f'; the directives are {", ".join(known)}'}")
        self.compilation.spends |= names[0] not in _SPENDS_NOTHING
        return directive(value[names[0]], self.at(names[0]))

    def _compile_object(self, value: Mapping[str, Any]) -> Node:
        nodes = {key: self.at(key).compile(member) for key, member in value.items()}
        if all(isinstance(node, Constant) for node in nodes.values()):
            members = {key: node.value for key, node in nodes.items() if isinstance(node, Constant)}
            return Constant({key: m for key, m in members.items() if m is not UNDEFINED})
        return _object_builder(nodes)

    def _compile_list(self, value: list[Any] | tuple[Any, ...]) -> Node:
        nodes = [self.at(str(index)).compile(item) for index, item in enumerate(value)]
        constants = [node.value for node in nodes if isinstance(node, Constant)]
        if len(constants) < len(nodes) or UNDEFINED in constants:
            self.compilation.may_have_holes = True
        if len(constants) == len(nodes):
            return Constant(constants)
        resolvers = [resolver(node) for node in nodes]
        return lambda root: [resolve(root) for resolve in resolvers]

    def _compile_scalar(self, value: Any) -> Constant:
        if value is not None and not isinstance(value, str | int | float):
            return self.problem(f"should be a JSON value but is a Python {type(value).__name__}")
        if isinstance(value, float) and not math.isfinite(value):
            return self.problem("should be a JSON value but is a number without end")
        return Constant(value)

    def apply(self, function: Callable[[Any], Any], node: Node) -> Node:
        """Return what puts the value of `node` through `function`, now if that is a constant."""
        if node is INVALID:
            return node
        if isinstance(node, Constant):
            try:
                return Constant(function(node.value))
            except MappingResolutionError as error:
                return self.problem(error.reason)
        return lambda root: function(node(root))


def _object_builder(nodes: dict[str, Node]) -> Resolver:
    """Return what builds the object of `nodes`: constants by key, and None where something is resolved."""
    constants: dict[str, Any] = {}
    resolvers: list[tuple[str, Resolver]] = []
    for key, node in nodes.items():
        if not isinstance(node, Constant) or isinstance(node.value, dict | list):
            constants[key] = None
            resolvers.append((key, resolver(node)))
        elif node.value is not UNDEFINED:
            constants[key] = node.value

    def build(root: Any) -> dict[str, Any]:
        result = constants.copy()
        for key, resolve in resolvers:
            member = resolve(root)
            if member is UNDEFINED:
                del result[key]
            else:
                result[key] = member
        return result

    return build


def resolver(node: Node) -> Resolver:
    """Return `node` as a closure. A constant object or list is made anew for each event."""
    if not isinstance(node, Constant):
        return node
    value = node.value
    if isinstance(value, dict | list):
        return lambda root: _copied(value)
    return lambda root: value


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(member) for key, member in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


# What directives ask of their arguments, so that all complain in the same words.

_KINDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "true or false"),
    (str, "a text"),
    ((int, float), "a number"),
    (Mapping, "an object"),
    ((list, tuple), "a list"),
    (type(None), "null"),
    (Undefined, "nothing"),
)


def kind_of(value: object) -> str:
    """Say what kind of value `value` is, for a message: never the value itself."""
    return next((name for kinds, name in _KINDS if isinstance(value, kinds)), "no JSON value")


def is_directive(value: object) -> bool:
    """Tell whether `value` is an object with a key that starts with "@"."""
    return isinstance(value, Mapping) and any(str(key).startswith("@") for key in value)


def should_be(expected: str, value: object) -> str:
    """Say that `value` is not what was `expected`."""
    return f"should be {expected} but is {'a directive' if is_directive(value) else kind_of(value)}"


def text_or_directive(value: Any, place: Place) -> Node:
    """Compile `value`, which must be a text or a directive that may give one."""
    if isinstance(value, str) or is_directive(value):
        return place.compile(value)
    return place.problem(should_be("a text or a directive", value))


def named_arguments(argument: Any, place: Place, *read: str) -> Mapping[str, Any] | None:
    """Return the named arguments of a directive, or None after noting that it has none.

    Arguments that are not in `read` are compiled for their problems and otherwise ignored, as
    Segment ignores them: its editor leaves such behind.
    """
    if not isinstance(argument, Mapping) or is_directive(argument):
        place.problem(should_be("an object of arguments", argument))
        return None
    for name, value in argument.items():
        if name not in read:
            place.at(str(name)).compile(value)
    return argument


def text_argument(
    arguments: Mapping[str, Any], name: str, place: Place, least: int = 0, most: int | None = None
) -> str | None:
    """Return the argument `name`, a text of `least` to `most` UTF-16 units, or None after noting a problem."""
    value = arguments.get(name, "")
    if not isinstance(value, str):
        place.at(name).problem(should_be("a text", value))
    elif utf16_length(value) < least:
        place.at(name).problem(f"should be a text of {least} or more characters")
    elif most is not None and utf16_length(value) > most:
        place.at(name).problem(f"should be a text of at most {most} characters")
    else:
        return value
    return None


def choice_argument(arguments: Mapping[str, Any], name: str, place: Place, choices: tuple[str, ...]) -> str | None:
    """Return the argument `name` in lower case, one of `choices`, or None after noting a problem."""
    value = arguments.get(name)
    if isinstance(value, str) and value.lower() in choices:
        return value.lower()
    place.at(name).problem(f"should be one of {', '.join(choices)}")
    return None

"""Turns a mapping into a closure, once, so that an event costs no more than look-ups.

A part of a mapping without directives is a constant. An object is copied with its constants in
place and only its directives are resolved. Every problem in the mapping is collected with the
path to it; the walk goes on past each, into lists and untaken branches too.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.limits import MAX_MAPPING_DEPTH
from segment_events.mapping.values import UNDEFINED, Resolver

ROOT_DIRECTIVE: Final = "__segment_internal_directive"
"""Key of a mapping's root whose value is a directive that all the other keys are put through."""

_SPENDS_NOTHING: Final = frozenset(("@if", "@literal", "@path"))

METADATA: Final = "_metadata"
"""Key that Segment's editor leaves beside a directive; it means nothing to a mapping."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A part of a mapping that gives the same value for every event."""

    value: Any


INVALID: Final = Constant(UNDEFINED)
"""Stands in for a part of a mapping that has a problem."""

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
    problems: list[str] = field(default_factory=list)
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

    def problem(self, text: str) -> Constant:
        """Note a problem here; what it returns stands in for the part that cannot be compiled."""
        self.compilation.problems.append(f"{self.path or '/'}: {text}")
        return INVALID

    def compile(self, value: Any) -> Node:
        """Compile `value`: a directive, an object or list with directives in it, or a constant."""
        if isinstance(value, Mapping | list | tuple) and len(self.keys) >= MAX_MAPPING_DEPTH:
            return self.problem(f"a mapping may be nested {MAX_MAPPING_DEPTH} levels deep, no more")
        if isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                return self.problem("the keys of an object must be texts")
            if any(key.startswith("@") for key in value):
                return self._compile_directive(value)
            return self._compile_object(value)
        if isinstance(value, list | tuple):
            return self._compile_list(value)
        return self._compile_scalar(value)

    def _compile_scalar(self, value: Any) -> Constant:
        if value is not None and not isinstance(value, str | int | float):
            return self.problem(f"should be a JSON value but is a Python {type(value).__name__}")
        if isinstance(value, float) and not math.isfinite(value):
            return self.problem("should be a JSON value but is a number without end")
        return Constant(value)

    def _compile_directive(self, value: Mapping[str, Any]) -> Node:
        names = [key for key in value if key.startswith("@")]
        if len(names) > 1 or any(key not in {names[0], METADATA} for key in value):
            keys = ", ".join(sorted(value))
            return self.problem(f"a directive must stand alone in its object, which has {keys}")
        directive = self.compilation.directives.get(names[0])
        if directive is None:
            known = ", ".join(sorted(self.compilation.directives))
            return self.problem(f"{names[0]} is no directive; the directives are {known}")
        self.compilation.spends |= names[0] not in _SPENDS_NOTHING
        return directive(value[names[0]], self.at(names[0]))

    def _compile_object(self, value: Mapping[str, Any]) -> Node:
        nodes = {key: self.at(key).compile(member) for key, member in value.items()}
        if all(isinstance(node, Constant) for node in nodes.values()):
            members = {key: node.value for key, node in nodes.items() if isinstance(node, Constant)}
            return Constant({key: m for key, m in members.items() if m is not UNDEFINED})
        constants, resolvers = _sorted_out(nodes)
        return _object_builder(constants, resolvers)

    def _compile_list(self, value: list[Any] | tuple[Any, ...]) -> Node:
        nodes = [self.at(str(index)).compile(item) for index, item in enumerate(value)]
        constants = [node.value for node in nodes if isinstance(node, Constant)]
        if len(constants) < len(nodes) or UNDEFINED in constants:
            self.compilation.may_have_holes = True
        if len(constants) == len(nodes):
            return Constant(constants)
        resolvers = [resolver(node) for node in nodes]
        return lambda root: [resolve(root) for resolve in resolvers]

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

    def error(self, reason: str) -> MappingResolutionError:
        """Return the error to raise when the directive here fails on an event."""
        return MappingResolutionError(self.path, reason)


def _object_builder(constants: dict[str, Any], resolvers: list[tuple[str, Resolver]]) -> Resolver:
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


def _sorted_out(nodes: dict[str, Node]) -> tuple[dict[str, Any], list[tuple[str, Resolver]]]:
    """Return constants by key, and what is resolved for each event, for which None stands in."""
    constants: dict[str, Any] = {}
    resolvers: list[tuple[str, Resolver]] = []
    for key, node in nodes.items():
        if isinstance(node, Constant) and node.value is UNDEFINED:
            continue
        if isinstance(node, Constant) and not isinstance(node.value, dict | list):
            constants[key] = node.value
        else:
            constants[key] = None
            resolvers.append((key, resolver(node)))
    return constants, resolvers


def resolver(node: Node) -> Resolver:
    """Return `node` as a closure. A constant object or list is made anew for each event."""
    if not isinstance(node, Constant):
        return node
    value = node.value
    if isinstance(value, dict | list):
        return lambda root: _fresh(value)
    return lambda root: value


def _fresh(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _fresh(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_fresh(item) for item in value]
    return value

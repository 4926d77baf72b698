"""@liquid: a text written by a Liquid template (https://liquidjs.com)."""

from typing import Any, Final

from liquid import BoundTemplate
from liquid.exceptions import LiquidError

from segment_events.mapping.arguments import should_be
from segment_events.mapping.compiler import Constant, Node, Place
from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.javascript import utf16_length
from segment_events.mapping.limits import spend
from segment_events.mapping.liquid_templates.environment import environment
from segment_events.mapping.values import Resolver

MAX_TEMPLATE: Final = 1000
"""Longest template, in UTF-16 units."""

CHARACTERS_A_STEP: Final = 2
"""Nothing in a template runs twice, so its length bounds what it runs: a step for so many of its characters."""


def liquid(argument: Any, place: Place) -> Node:
    """Compile @liquid: a text, with the members of the root as its variables.

    A template that is no Liquid, or uses a tag or filter that is switched off, is a problem.
    """
    if not isinstance(argument, str):
        return place.problem(should_be("a text", argument))
    if utf16_length(argument) > MAX_TEMPLATE:
        return place.problem(f"should be a text of at most {MAX_TEMPLATE} characters")
    if not argument:
        return Constant("")
    try:
        template = environment(place.compilation.now).from_string(argument)
    except LiquidError as error:
        return place.problem(f"should be a Liquid template: {error.message}")
    return _renderer(template, len(argument), place.path)


def _renderer(template: BoundTemplate, length: int, path: str) -> Resolver:
    def resolve(root: Any) -> str:
        spend(path, steps=length // CHARACTERS_A_STEP)
        try:
            return template.render(root if isinstance(root, dict) else {})
        except MappingResolutionError as error:
            raise MappingResolutionError(path, error.reason) from None
        except (LiquidError, RecursionError):
            raise MappingResolutionError(path, "the template cannot be rendered") from None

    return resolve

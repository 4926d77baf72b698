"""@liquid: a text written by a Liquid template, run by python-liquid (https://jg-rp.github.io/liquid/).

Segment runs LiquidJS (https://liquidjs.com) with some tags and filters switched off. Values are printed and
compared as JavaScript does.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TextIO

from liquid import Environment
from liquid.ast import Node as Part
from liquid.builtin.expressions import BooleanExpression, Filter, FilteredExpression, PositionalArgument, StringLiteral
from liquid.builtin.expressions.logical import LogicalAndExpression, LogicalNotExpression, LogicalOrExpression
from liquid.builtin.output import Output
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG, Token

from segment_events.mapping.compiler import Constant, Node, Place, should_be
from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.javascript import utf16_length
from segment_events.mapping.limits import MAX_TEXT, limited_text, spend
from segment_events.mapping.liquid_filters import COMPARISONS, FILTERS_OFF, PATH, filters, plain, text

MAX_TEMPLATE: Final = 1000
"""Longest template, in UTF-16 units."""

CHARACTERS_A_STEP: Final = 2
"""Nothing in a template runs twice, so its length bounds what it runs: a step for so many of its characters."""

TAGS_OFF: Final = ("case", "for", "include", "render", "tablerow", "break", "continue", "cycle", "doc", "ifchanged")
"""Tags of python-liquid that Segment switches off or LiquidJS has not, and cycle, which is nothing without loops."""

_NO_CLOCK: Final = {"now": None, "today": None}
_NAME: Final = re.compile(r"""("[^"]*"|'[^']*')|(?<!\.)\.([a-z][\w-]*)""")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


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
    environment = _environment(place.compilation.now)
    try:
        template = environment.from_string(argument)
        _adapt(template.nodes, RenderContext(template))
        disabled = list(filter(FILTERS_OFF.fullmatch, template.filter_names()))
    except (LiquidError, RecursionError) as error:
        told = f"should be a Liquid template: {getattr(error, 'message', 'nested too deep')}"
        return place.problem(told, argument, _offset_of(error, argument, environment))
    if disabled:
        told = f'should be a Liquid template: filter "{disabled[0]}" is disabled'
        return place.problem(told, argument, _offset_of_filter(disabled[0], argument))
    path, steps = place.path, len(argument) // CHARACTERS_A_STEP

    def resolve(root: Any) -> str:
        spend(path, steps=steps)
        try:
            return limited_text(template.render(_NO_CLOCK | root if isinstance(root, dict) else _NO_CLOCK), path)
        except MappingResolutionError as error:
            raise MappingResolutionError(path, error.reason) from None
        except Exception:
            # python-liquid's filters raise whatever Python does for a value that they do not expect.
            raise MappingResolutionError(path, "the template cannot be rendered") from None

    return resolve


def _bracketed(expression: str) -> str:
    """Return an expression with each name after a dot in brackets."""
    return _NAME.sub(lambda found: found[1] or f"['{found[2]}']", expression)


def _offset_of(error: Exception, template: str, environment: Environment) -> int | None:
    """Return where in a template python-liquid found an error, None where that is not known."""
    token: Token | None = getattr(error, "token", None)
    try:
        expressions = [each for each in Environment().tokenizer()(template) if each.kind == TOKEN_EXPRESSION]
    except LiquidError:  # A tag or a value has no end: the error is this one.
        expressions = []
    if token is None or token.kind == TOKEN_TAG:
        return token.start_index if token else None
    if token.start_index < 0:
        # The end of an expression, and python-liquid does not say of which.
        ends = (each.start_index + len(each.value) for each in expressions if _fails(each.value, error, environment))
        return next(ends, len(template))
    expression = next((each for each in reversed(expressions) if each.start_index <= token.start_index), None)
    if expression is None:
        return token.start_index
    # python-liquid counts in the expression as it was given, with its names in brackets.
    inside, written = token.start_index - expression.start_index, expression.value
    reached = (at for at in range(len(written)) if len(_bracketed(written[:at])) >= inside)
    return expression.start_index + next(reached, len(written))


def _fails(expression: str, error: Exception, environment: Environment) -> bool:
    try:
        environment.from_string(f"{{{{ {expression} }}}}")
    except LiquidError as other:
        return str(other.message) == getattr(error, "message", None)
    return False


def _offset_of_filter(name: str, template: str) -> int | None:
    found = re.search(rf"\|\s*({re.escape(name)})\b", template)
    return found.start(1) if found else None


class PrintNode(EchoNode):
    """Prints a value as LiquidJS does."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value to `buffer`, spending it."""
        return buffer.write(limited_text(text(plain(self.expression.evaluate(context))), PATH))


class PrintTag(Output):
    """{{ value | filter }}."""

    node_class = PrintNode


class PrintingEchoTag(EchoTag):
    """{% echo value | filter %}."""

    node_class = PrintNode


class LiquidEnvironment(Environment):
    """Reads templates as LiquidJS does, less what Segment switches off."""

    local_namespace_limit = 20 * MAX_TEXT
    logical_not_operator = True
    shorthand_indexes = True
    string_first_and_last = True
    string_sequences = True
    suppress_blank_control_flow_blocks = False

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Give the filter `date` the clock `now`."""
        super().__init__(strict_filters=False)
        self.add_tag(PrintTag)
        self.add_tag(PrintingEchoTag)
        for name in TAGS_OFF:
            del self.tags[name]
        self.filters = filters(self.filters, now)

    def tokenizer(self) -> Callable[[str], Iterator[Token]]:
        """Return what cuts a template, any word after a dot being a name: python-liquid reserves some."""
        cut = super().tokenizer()

        def tokens(source: str) -> Iterator[Token]:
            for token in cut(source):
                yield token._replace(value=_bracketed(token.value)) if token.kind == TOKEN_EXPRESSION else token

        return tokens


_environment = lru_cache(maxsize=4)(LiquidEnvironment)


def _adapt(parts: Iterable[Part], context: RenderContext) -> None:
    """Adapt the expressions of `parts` of a template, and of the parts in them."""
    for part in parts:
        for expression in part.expressions():
            _adapted(expression)
        _adapt(part.children(context), context)


def _adapted(expression: Expression) -> Expression:
    """Return `expression` with its comparisons made, and escapes in its quoted texts read, as JavaScript does."""
    sides = [_adapted(side) for side in expression.children()]
    if isinstance(expression, StringLiteral):
        expression.value = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), expression.value)
    elif isinstance(expression, BooleanExpression):
        (expression.expression,) = sides
    elif isinstance(expression, LogicalNotExpression):
        (expression.right,) = sides
    elif isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        expression.left, expression.right = sides
    elif expression.token.value in COMPARISONS and len(sides) > 1:
        comparison = Filter(expression.token, expression.token.value, [PositionalArgument(sides[1])])
        return FilteredExpression(expression.token, sides[0], [comparison])
    return expression

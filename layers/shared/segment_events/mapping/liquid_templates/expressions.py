"""Expressions of a template: parsed by python-liquid, compared as JavaScript compares."""

import operator
import re
from collections.abc import Callable
from typing import Any, Final

from liquid import Environment, TokenStream
from liquid.builtin.expressions import BooleanExpression, Filter, FilteredExpression, Nil, StringLiteral, tokenize
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
    parse_boolean_primitive,
)
from liquid.context import RenderContext
from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression
from liquid.token import TOKEN_DOT, TOKEN_EOF, TOKEN_EXPRESSION, TOKEN_PIPE, TOKEN_WORD, Token

from segment_events.mapping.liquid_templates.values import contains, equal, is_nil, ordered, plain

DISABLED_FILTERS: Final = frozenset(
    (
        "array_to_sentence_string",
        "concat",
        "find",
        "find_exp",
        "find_index",
        "find_index_exp",
        "group_by",
        "group_by_exp",
        "has",
        "has_exp",
        "map",
        "newline_to_br",
        "reject",
        "reject_exp",
        "reverse",
        "sample",
        "sort",
        "sort_natural",
        "uniq",
        "where_exp",
        "type",
    )
)
"""Filters that Segment switches off, and sample, which gives another result at each try."""

_TESTS: Final[dict[type[Expression], Callable[[Any, Any], bool]]] = {
    EqExpression: equal,
    NeExpression: lambda left, right: not equal(left, right),
    LtExpression: ordered(operator.lt),
    LeExpression: ordered(operator.le),
    GtExpression: ordered(operator.gt),
    GeExpression: ordered(operator.ge),
    ContainsExpression: contains,
}
_TESTS_OF_NIL: Final[dict[type[Expression], Callable[[Any, Any], bool]]] = {
    EqExpression: lambda left, right: is_nil(left) and is_nil(right),
    NeExpression: lambda left, right: not (is_nil(left) and is_nil(right)),
}
_KEYWORDS: Final = frozenset(("true", "false", "nil", "null", "empty", "blank", "and", "or", "not", "contains"))
_WORD: Final = re.compile("[a-z]+")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_SET_ASIDE: Final = {'"': "\ue000", "'": "\ue001"}
_ESCAPED: Final = {"\ue000": '"', "\ue001": "'", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _never(left: Any, right: Any) -> bool:
    return False


class Comparison(Expression):
    """Two expressions compared by `test`."""

    __slots__ = ("left", "right", "test")

    def __init__(self, token: Token, left: Expression, right: Expression, test: Callable[[Any, Any], bool]) -> None:
        """Compare `left` with `right`."""
        super().__init__(token)
        self.left = left
        self.right = right
        self.test = test

    def evaluate(self, context: RenderContext) -> object:
        """Tell whether the comparison holds in `context`."""
        return self.test(plain(self.left.evaluate(context)), plain(self.right.evaluate(context)))

    def children(self) -> list[Expression]:
        """Return the two expressions."""
        return [self.left, self.right]


def inner_tokens(stream: TokenStream, tag: Token) -> TokenStream:
    """Return the tokens of the expression in `tag`, which `stream` stands at.

    Words that mean something to tags that are switched off are names like any other, and so is
    every word after a dot.
    """
    expression = stream.current
    if expression.kind != TOKEN_EXPRESSION:
        raise LiquidSyntaxError("missing expression", token=tag)
    tokens: list[Token] = []
    for token in tokenize(_ESCAPE.sub(_set_aside, expression.value), expression):
        after_dot = bool(tokens) and tokens[-1].kind == TOKEN_DOT
        is_keyword = token.kind in _KEYWORDS and not after_dot
        is_name = token.kind == token.value and bool(_WORD.fullmatch(token.value)) and not is_keyword
        tokens.append(token._replace(kind=TOKEN_WORD) if is_name else token)
    return TokenStream(iter(tokens))


def parse_value(env: Environment, tokens: TokenStream) -> FilteredExpression:
    """Parse a value with its filters, up to the end of `tokens`.

    Raises LiquidSyntaxError for what Liquid does not allow, and for a filter that is switched off.
    """
    left = _as_javascript(parse_boolean_primitive(env, tokens))
    filters = Filter.parse(env, tokens, delim=(TOKEN_PIPE,))
    tokens.eat(TOKEN_EOF)
    for item in filters:
        if item.name in DISABLED_FILTERS:
            raise LiquidSyntaxError(f'filter "{item.name}" is disabled', token=item.token)
        for argument in item.args:
            argument.value = _as_javascript(argument.value)
    return FilteredExpression(left.token, left, filters)


def parse_condition(env: Environment, tokens: TokenStream) -> BooleanExpression:
    """Parse what a tag tests, filters included."""
    value = parse_value(env, tokens)
    return BooleanExpression(value.token, value)


def _as_javascript(expression: Expression) -> Expression:
    """Return `expression` with its comparisons and quoted texts read as JavaScript's."""
    if isinstance(expression, StringLiteral):
        return StringLiteral(expression.token, _unescaped(expression.value))
    if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        expression.left = _as_javascript(expression.left)
        expression.right = _as_javascript(expression.right)
    if isinstance(expression, LogicalNotExpression):
        expression.right = _as_javascript(expression.right)
    test = _TESTS.get(type(expression))
    if test is None:
        return expression
    left, right = (_as_javascript(side) for side in expression.children())
    with_nil = (isinstance(left, Nil) or isinstance(right, Nil)) and test is not contains
    if with_nil:
        test = _TESTS_OF_NIL.get(type(expression), _never)
    return Comparison(expression.token, left, right, test)


def _set_aside(escape: re.Match[str]) -> str:
    """Keep an escaped quotation mark from ending the text that it stands in."""
    return f"\\{_SET_ASIDE.get(escape[1], escape[1])}"


def _unescaped(quoted: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), quoted)

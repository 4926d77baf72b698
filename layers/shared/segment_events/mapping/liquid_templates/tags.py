"""The tags that templates may use, and those that Segment switches off."""

from typing import ClassVar, Final, TextIO

from liquid import Environment, TokenStream
from liquid.ast import ConditionalBlockNode, Node
from liquid.builtin.content import Literal
from liquid.builtin.expressions import BooleanExpression, Nil, parse_identifier
from liquid.builtin.expressions.logical import LogicalNotExpression
from liquid.builtin.illegal import Illegal
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureTag
from liquid.builtin.tags.comment_tag import CommentTag
from liquid.builtin.tags.cycle_tag import CycleTag
from liquid.builtin.tags.decrement_tag import DecrementTag
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.increment_tag import IncrementTag
from liquid.builtin.tags.inline_comment_tag import InlineCommentTag
from liquid.builtin.tags.liquid_tag import LiquidTag
from liquid.context import RenderContext
from liquid.exceptions import LiquidSyntaxError
from liquid.parser import get_parser
from liquid.tag import Tag
from liquid.token import TOKEN_ASSIGN, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG

from segment_events.mapping.liquid_templates.expressions import inner_tokens, parse_condition, parse_value
from segment_events.mapping.liquid_templates.values import plain, text

DISABLED_TAGS: Final = ("case", "for", "include", "layout", "render", "tablerow")
"""Tags that Segment switches off."""


class TextNode(OutputNode):
    """Prints a value as LiquidJS does."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value to `buffer`."""
        return buffer.write(text(plain(self.expression.evaluate(context))))


class OutputTag(Tag):
    """{{ value | filter }}."""

    name = TOKEN_OUTPUT
    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Read the value."""
        token = stream.eat(TOKEN_OUTPUT)
        return TextNode(token, parse_value(self.env, inner_tokens(stream, token)))


class EchoTag(Tag):
    """{% echo value | filter %}."""

    name = "echo"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Read the value; without one nothing is printed."""
        if stream.peek.kind != TOKEN_EXPRESSION:
            return TextNode(stream.current, Nil(stream.current))
        token = stream.eat(TOKEN_TAG)
        return TextNode(token, parse_value(self.env, inner_tokens(stream, token)))


class AssignTag(Tag):
    """{% assign name = value | filter %}."""

    name = "assign"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Read the name and the value."""
        token = stream.eat(TOKEN_TAG)
        tokens = inner_tokens(stream, token)
        name = parse_identifier(self.env, tokens, allow_trailing_question_mark=False)
        tokens.eat(TOKEN_ASSIGN)
        return AssignNode(token, name=name, expression=parse_value(self.env, tokens))


class IfTag(Tag):
    """{% if condition %} ... {% elsif condition %} ... {% else %} ... {% endif %}."""

    name = "if"
    end = "endif"
    is_inverted: ClassVar[bool] = False

    def parse(self, stream: TokenStream) -> Node:
        """Read the conditions and the blocks under them."""
        token = stream.eat(TOKEN_TAG)
        condition = parse_condition(self.env, inner_tokens(stream, token))
        next(stream)
        if self.is_inverted:
            inverted = LogicalNotExpression(token, condition.expression)
            condition = BooleanExpression(token, inverted)
        parse_block = get_parser(self.env).parse_block
        ends = (self.end, "elsif", "else")
        consequence = parse_block(stream, ends)
        alternatives = []
        while stream.current.is_tag("elsif"):
            tag = next(stream)
            other = parse_condition(self.env, inner_tokens(stream, tag))
            next(stream)
            block = parse_block(stream, ends)
            alternatives.append(ConditionalBlockNode(tag, expression=other, block=block))
        default = None
        if stream.current.is_tag("else"):
            next(stream)
            default = parse_block(stream, (self.end,))
        stream.expect(TOKEN_TAG, value=self.end)
        return IfNode(token, condition, consequence, alternatives, default)


class UnlessTag(IfTag):
    """{% unless condition %} ... {% endunless %}, with the same parts as if."""

    name = "unless"
    end = "endunless"
    is_inverted = True


class DisabledTag(Tag):
    """A tag that Segment switches off."""

    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Raise LiquidSyntaxError."""
        token = stream.current
        raise LiquidSyntaxError(f'tag "{token.value}" is disabled', token=token)


_TAGS: Final[tuple[type[Tag], ...]] = (
    AssignTag,
    CaptureTag,
    CommentTag,
    CycleTag,
    DecrementTag,
    EchoTag,
    IfTag,
    Illegal,
    IncrementTag,
    InlineCommentTag,
    LiquidTag,
    Literal,
    OutputTag,
    UnlessTag,
)


def add_tags(environment: Environment) -> None:
    """Give `environment` the tags above, and no others."""
    for tag in _TAGS:
        environment.add_tag(tag)
    for name in DISABLED_TAGS:
        environment.tags[name] = DisabledTag(environment)

"""The place in a trigger's tokens that the parser has come to, and what was wrong so far."""

from typing import NoReturn

from segment_events.triggers.errors import Problem
from segment_events.triggers.lexer import Kind, Lexer, Token

_SHOWN = {
    Kind.NUMBER: "a number",
    Kind.TEXT: "a text in quotes",
    Kind.END: "the end of the trigger",
}
_JOINING = ("and", "or", "not")


class Unreadable(Exception):
    """The condition at hand cannot be read; its problem is noted and the rest is still read."""


class Cursor:
    """Reads one trigger token by token.

    `place` is the number of tokens read; `problems` gathers what is wrong.
    """

    def __init__(self, fql: str) -> None:
        """Start at the first token of a trigger."""
        lexer = Lexer(fql)
        self._tokens = lexer.tokens
        self.problems = lexer.problems
        self.place = 0

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self._tokens[self.place]

    @property
    def following(self) -> Token:
        """The token after that one. Not to be asked at the end."""
        return self._tokens[self.place + 1]

    @property
    def at_end(self) -> bool:
        """Whether every token has been read."""
        return self.token.kind is Kind.END

    def take(self) -> Token:
        """Read one token that is not the end."""
        self.place += 1
        return self._tokens[self.place - 1]

    def take_mark(self, mark: str) -> bool:
        """Read a mark such as `(` if it is next."""
        return self._take_if(is_mark(self.token, mark))

    def take_word(self, *words: str) -> bool:
        """Read one of the words (in capitals, too) if it is next."""
        return self._take_if(is_word(self.token, *words))

    def note(self, text: str, token: Token | None = None) -> None:
        """Note a problem of a token, the next one unless told."""
        self.problems.append(Problem((token or self.token).start, text))

    def expected(self, what: str) -> NoReturn:
        """Give up the condition at hand, because the next token is not what it should be."""
        self.note_expected(what)
        raise Unreadable

    def note_expected(self, what: str) -> None:
        """Note that the next token is not what it should be, unless it has a problem already."""
        if self.token.kind is not Kind.BAD:
            self.note(f"expected {what}, found {_shown(self.token)}")

    def skip_condition(self, start: int) -> None:
        """Go to the `and`, the `or` or the closing parenthesis after the condition at `start`.

        `start` is a `place`; what was read since then may have opened parentheses.
        """
        depth = sum(map(_opens, self._tokens[start : self.place]))
        while not self.at_end:
            if depth == 0 and (is_word(self.token, "and", "or") or is_mark(self.token, ")")):
                return
            depth += _opens(self.take())

    def _take_if(self, wanted: bool) -> bool:
        if wanted:
            self.take()
        return wanted


def is_mark(token: Token, *marks: str) -> bool:
    """Whether the token is one of the marks ! ( ) , . [ ]."""
    return token.kind is Kind.MARK and token.text in marks


def is_word(token: Token, *words: str) -> bool:
    """Whether the token is one of the words, in capitals or not."""
    return token.kind is Kind.NAME and token.text.lower() in words


def _opens(token: Token) -> int:
    return is_mark(token, "(") - is_mark(token, ")")


def _shown(token: Token) -> str:
    """A token as a problem tells it: signs and joining words as they are, never a value."""
    if is_word(token, *_JOINING):
        return token.text
    if token.kind is Kind.NAME:
        return "a word"
    return _SHOWN.get(token.kind, token.text)

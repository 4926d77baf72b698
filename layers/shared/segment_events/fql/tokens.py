"""Splits a trigger into tokens, going on after what cannot be read, and reads them one by one."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import NoReturn

from segment_events.fql.errors import Problem
from segment_events.fql.tree import LONGEST_NUMBER, NUMBER, read_number


class Kind(Enum):
    """The kinds of token."""

    NAME = auto()
    NUMBER = auto()
    TEXT = auto()
    OPERATOR = auto()
    MARK = auto()
    BAD = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a trigger: its kind, its text and where it starts (characters from 0).

    A NAME has its escapes resolved. A TEXT is what stands between the quotes, as written,
    since texts and patterns escape differently. BAD has a Problem of its own already.
    """

    kind: Kind
    text: str
    start: int


# Letters, digits, _ and - of any script; other signs beyond Latin 1 that are not punctuation
# (vowel signs, emoji); anything at all after a backslash.
_IN_NAME = r"(?:[\w-]|[^\x00-\xbf\s\u2000-\u206f\u3000-\u303f\ufeff]|\\.)"
_TOKEN = re.compile(
    rf"""(?P<SPACE>\s+)
    |"(?P<DOUBLE>[^"\\]*+(?:\\.[^"\\]*+)*+)"
    |'(?P<SINGLE>[^'\\]*+(?:\\.[^'\\]*+)*+)'
    |(?P<NAME>(?![\d-]){_IN_NAME}++)
    |(?P<NUMBER>{NUMBER}(?![\w.+-]))
    |(?P<SLIP>==|<>|&&|\|\|)
    |(?P<OPERATOR>!=|<=|>=|[=<>])
    |(?P<MARK>[!().,\[\]])
    |(?P<UNCLOSED>["'].*)
    |(?P<BAD_NUMBER>[+-]?[0-9][\w.+-]*)
    |(?P<BAD>.)""",
    re.VERBOSE | re.DOTALL,
)
_PART = re.compile(rf"{_IN_NAME}++", re.DOTALL)
_NAME_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SLIPS = {
    "==": (Kind.OPERATOR, "="),
    "<>": (Kind.OPERATOR, "!="),
    "&&": (Kind.NAME, "and"),
    "||": (Kind.NAME, "or"),
}
_CURLY_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"


class Lexer:
    """The tokens of one trigger, the last of them END, and the problems met on the way."""

    def __init__(self, fql: str) -> None:
        """Read the whole trigger."""
        self.problems: list[Problem] = []
        self.tokens: list[Token] = []
        at = 0
        while at < len(fql):
            at = self._read(fql, at)
        self._add(Kind.END, "", len(fql))

    def _read(self, fql: str, at: int) -> int:
        """Add the token at `at`, if one is there, and return where the next begins."""
        after_dot = bool(self.tokens) and self.tokens[-1].text == "." and self._last_is(Kind.MARK)
        if after_dot and (part := _PART.match(fql, at)):
            self._add(Kind.NAME, _NAME_ESCAPE.sub(r"\1", part[0]), at)
            return part.end()
        found = _TOKEN.match(fql, at)
        assert found is not None  # BAD matches any character
        group = found.lastgroup or ""
        self._add_group(group, found[group], at)
        return found.end()

    def _add_group(self, group: str, text: str, at: int) -> None:
        match group:
            case "SPACE":
                return
            case "DOUBLE" | "SINGLE":
                self._add(Kind.TEXT, text, at)
            case "NAME":
                self._add(Kind.NAME, _NAME_ESCAPE.sub(r"\1", text), at)
            case "NUMBER" if read_number(text) is not None:
                self._add(Kind.NUMBER, text, at)
            case "SLIP":
                kind, meant = _SLIPS[text]
                self._report(at, f"expected {meant}, found {text}")
                self._add(kind, meant, at)
            case "OPERATOR" | "MARK":
                self._add(Kind[group], text, at)
            case _:
                self._add_bad(group, text, at)

    def _add_bad(self, group: str, text: str, at: int) -> None:
        if group == "BAD" and self._last_is(Kind.BAD):
            return
        if group == "UNCLOSED":
            self._report(at, "expected a closing quote for the text that starts here")
        elif group == "NUMBER":
            self._report(at, f"expected a number of at most {LONGEST_NUMBER} characters, below 1e308")
        elif group == "BAD_NUMBER":
            self._report(at, "expected a number such as 5, -0.5 or 1e3; other values need quotes")
        elif text in _CURLY_QUOTES:
            self._report(at, "expected a straight quote, \" or '")
        else:
            self._report(at, f"expected no {text!r} here; in a name, write \\ before it")
        self._add(Kind.BAD, "", at)

    def _add(self, kind: Kind, text: str, at: int) -> None:
        self.tokens.append(Token(kind, text, at))

    def _last_is(self, kind: Kind) -> bool:
        return bool(self.tokens) and self.tokens[-1].kind is kind

    def _report(self, at: int, text: str) -> None:
        self.problems.append(Problem(at, text))


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
        """Note a problem of a token, the next one by default."""
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

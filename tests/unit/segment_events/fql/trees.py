"""Triggers as plain tuples: hypothesis strategies, a renderer to FQL, and a naive evaluator.

("compare", keys, operator, value)  ("contains", keys, text, negated)
("match", keys, literals between stars, negated)  ("not", tree)  ("and", trees)  ("or", trees)
"""

import re
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

Keys = tuple[str, ...]
Tree = tuple[Any, ...]
Value = str | float | bool | None

TEXTS = ("Signed Up", "gold", "5", "42", "true", "null", "", 'a"b', "c'd", "e\\f", "*", "é x", "OR")
NUMBERS = (0, 5, -5, 42, 2.5, 5.0)
SCALARS = ("type", "event", "name", "userId", "messageId", "groupId")
OBJECTS = ("properties", "traits", "context")
PARTS = ("a", "b", "or", "1st", "0", "two words", "größe", "x.y", "l[0]", "$id", "-", "true")
IDENTIFIERS = ("userId", "messageId", "groupId")


def keys() -> st.SearchStrategy[Keys]:
    nested = st.tuples(st.sampled_from(OBJECTS), st.lists(st.sampled_from(PARTS), min_size=1, max_size=3))
    return st.sampled_from(SCALARS).map(lambda root: (root,)) | nested.map(lambda p: (p[0], *p[1]))


def conditions() -> st.SearchStrategy[Tree]:
    texts = st.sampled_from(TEXTS)
    values = texts | st.sampled_from(NUMBERS) | st.sampled_from((None, True, False))
    return st.one_of(
        st.tuples(st.just("compare"), keys(), st.sampled_from(("=", "!=")), values),
        st.tuples(
            st.just("compare"),
            keys(),
            st.sampled_from(("<", "<=", ">", ">=")),
            st.sampled_from(NUMBERS),
        ),
        st.tuples(st.just("contains"), keys(), texts, st.booleans()),
        st.tuples(
            st.just("match"),
            keys(),
            st.lists(texts, min_size=1, max_size=4).map(tuple),
            st.booleans(),
        ),
    )


def trees() -> st.SearchStrategy[Tree]:
    return st.recursive(
        conditions(),
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3)),
        ),
        max_leaves=6,
    )


def events() -> st.SearchStrategy[dict[str, Any]]:
    leaves = st.sampled_from((*TEXTS, *NUMBERS, None, True, False, "Signed Up gold", "l"))
    parts = st.sampled_from((*PARTS, "x", "y", "l"))
    values = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(parts, inner, max_size=5),
        max_leaves=12,
    )
    objects = st.dictionaries(parts, values, max_size=6) | values
    return st.fixed_dictionaries({}, optional={**dict.fromkeys(SCALARS, leaves), **dict.fromkeys(OBJECTS, objects)})


def tokens(draw: st.DrawFn, tree: Tree) -> list[str]:
    """The tokens of a tree; draws quotes, letter case and parentheses that change nothing."""
    kind = tree[0]
    if kind in ("and", "or"):
        word = draw(st.sampled_from((kind, kind.upper())))
        out: list[str] = []
        for operand in tree[1]:
            bare = kind == "or" and operand[0] != "or"
            out += [word, *(tokens(draw, operand) if bare else grouped(draw, operand))]
        out = out[1:]
    elif kind == "not":
        sign = draw(st.sampled_from(("!", "not", "NOT")))
        bare = tree[1][0] in ("compare", "not")
        out = [sign, *(tokens(draw, tree[1]) if bare else ["(", *tokens(draw, tree[1]), ")"])]
    elif kind == "compare":
        out = [*path(tree[1]), tree[2], value(draw, tree[3])]
    else:
        written = pattern(tree[2]) if kind == "match" else value(draw, tree[2])
        out = ["!"] * tree[3] + [kind, "(", *path(tree[1]), ",", written, ")"]
    return out if kind == "not" or draw(st.booleans()) else ["(", *out, ")"]


def grouped(draw: st.DrawFn, tree: Tree) -> list[str]:
    out = tokens(draw, tree)
    return ["(", *out, ")"] if tree[0] in ("and", "or") else out


@st.composite
def rendered(draw: st.DrawFn, tree: Tree) -> str:
    """FQL of a tree, with white space drawn wherever it is allowed."""
    out = ""
    for token in tokens(draw, tree):
        words = re.search(r"[^\s()!=<>,.\"'\[]$", out) and re.match(r"[^\s()!=<>,.\"'\]]", token)
        out += draw(st.sampled_from((" ", "\n", "\t  ") if words else ("", " ", "\r\n"))) + token
    return out


def path(keys_: Keys) -> list[str]:
    out = [keys_[0]]
    for key in keys_[1:]:
        out += [".", re.sub(r"[^A-Za-z0-9_-]", lambda sign: "\\" + sign[0], key)]
    return out


def value(draw: st.DrawFn, it: Value) -> str:
    if it is None or isinstance(it, bool):
        return {None: "null", True: "true", False: "false"}[it]
    if not isinstance(it, str):
        return draw(st.sampled_from((str(it), f"{it:+}", f"{it:.3f}")))
    if it.isalpha() and it not in ("true", "null") and draw(st.booleans()):
        return it
    return quoted(draw(st.sampled_from("\"'")), it.replace("\\", "\\\\"))


def quoted(quote: str, text: str) -> str:
    return quote + text.replace(quote, "\\" + quote) + quote


def pattern(literals: Sequence[str]) -> str:
    return quoted('"', "*".join(re.sub(r"[\\*]", r"\\\g<0>", text) for text in literals))


def evaluate(tree: Tree, event: dict[str, Any]) -> bool:
    """What a trigger decides, written as naively as the table of operators reads."""
    match tree:
        case ("not", operand):
            return not evaluate(operand, event)
        case ("and", operands):
            return all(evaluate(operand, event) for operand in operands)
        case ("or", operands):
            return any(evaluate(operand, event) for operand in operands)
        case ("contains", where, text, negated):
            actual = find(event, where)
            return isinstance(actual, str) and (text in actual) != negated
        case ("match", where, literals, negated):
            actual = find(event, where)
            wanted = ".*".join(map(re.escape, literals))
            return isinstance(actual, str) and bool(re.fullmatch(wanted, actual, re.S)) != negated
        case ("compare", where, operator, expected):
            return compare(find(event, where), operator, as_compared(where[0], operator, expected))
    raise ValueError(tree)


def as_compared(root: str, operator: str, expected: Value) -> Value:
    """Bare values are texts under = and != for the fields that Segment compares as text."""
    if isinstance(expected, str) or root in OBJECTS or operator not in ("=", "!="):
        return expected
    if expected is None:
        return "null" if root in ("type", "event") else None
    if isinstance(expected, bool):
        return expected if root in IDENTIFIERS else str(expected).lower()
    return f"{expected:g}"


def compare(actual: Any, operator: str, expected: Value) -> bool:
    if expected is None or isinstance(expected, str | bool):
        same = type(actual) is type(expected) and actual == expected
        return same if operator == "=" else not same
    if isinstance(actual, bool) or not isinstance(actual, int | float):
        return False
    return {
        "=": actual == expected,
        "!=": actual != expected,
        "<": actual < expected,
        "<=": actual <= expected,
        ">": actual > expected,
        ">=": actual >= expected,
    }[operator]


def find(event: dict[str, Any], where: Keys) -> Any:
    """The value at a path; keys with dots or brackets are read as paths when nothing is there."""
    found = walk(event, where)
    return walk(event, re.findall(r"[^.\[\]]+", ".".join(where))) if found is None else found


def walk(it: Any, where: Sequence[str]) -> Any:
    for key in where:
        if isinstance(it, list):
            it = dict(enumerate(it)).get(int(key) if key in ("0", "1") else -1)
        else:
            it = it.get(key) if isinstance(it, dict) else None
    return it

"""Tokens, and the problems that the lexer finds by itself."""

import pytest

from segment_events.fql.tokens import Kind, Lexer

NAME, NUMBER, TEXT, OPERATOR, MARK, BAD, END = Kind


def read(fql: str) -> tuple[list[tuple[Kind, str, int]], list[tuple[int, str]]]:
    lexer = Lexer(fql)
    tokens = [(token.kind, token.text, token.start) for token in lexer.tokens]
    return tokens, [(problem.offset, problem.text) for problem in lexer.problems]


def test_every_kind_with_its_place() -> None:
    assert read('!match(type,"a")<=-1.5e3\n') == (
        [
            (MARK, "!", 0),
            (NAME, "match", 1),
            (MARK, "(", 6),
            (NAME, "type", 7),
            (MARK, ",", 11),
            (TEXT, "a", 12),
            (MARK, ")", 15),
            (OPERATOR, "<=", 16),
            (NUMBER, "-1.5e3", 18),
            (END, "", 25),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("a-b_c9", "a-b_c9"),
        ("_id", "_id"),
        (r"two\ words", "two words"),
        (r"\$id", "$id"),
        (r"a\.b\[0\]\\", "a.b[0]\\"),
        (r"gr\ö\ße", "größe"),
        ("größe", "größe"),
        ("नाम_हिन्दी", "नाम_हिन्दी"),
        ("名前", "名前"),
        ("🎁", "🎁"),
        ("order", "order"),
        ("android", "android"),
    ],
)
def test_names(written: str, name: str) -> None:
    assert read(written) == ([(NAME, name, 0), (END, "", len(written))], [])


def test_after_a_dot_a_name_may_begin_with_a_digit_or_be_a_number() -> None:
    tokens, problems = read("a.1st . 0.-b")
    assert [token[:2] for token in tokens if token[0] is NAME] == [
        (NAME, "a"),
        (NAME, "1st"),
        (NAME, "0"),
        (NAME, "-b"),
    ]
    assert problems == []


@pytest.mark.parametrize("body", ["", "it's", r"a\"b", r"a\\", r"C:\temp", "two\nlines", "é*"])
def test_a_text_keeps_its_escapes_for_the_parser(body: str) -> None:
    assert read(f'"{body}"') == ([(TEXT, body, 0), (END, "", len(body) + 2)], [])


def test_all_kinds_of_white_space() -> None:
    assert read("\t\r\n\u00a0 a") == ([(NAME, "a", 5), (END, "", 6)], [])


@pytest.mark.parametrize(
    ("written", "token", "text"),
    [
        ("==", (OPERATOR, "=", 0), "expected =, found =="),
        ("<>", (OPERATOR, "!=", 0), "expected !=, found <>"),
        ("&&", (NAME, "and", 0), "expected and, found &&"),
        ("||", (NAME, "or", 0), "expected or, found ||"),
        ("“", (BAD, "", 0), "expected a straight quote, \" or '"),
        (";", (BAD, "", 0), "expected no ';' here; in a name, write \\ before it"),
        ("@@ @", (BAD, "", 0), "expected no '@' here; in a name, write \\ before it"),
        ("\\", (BAD, "", 0), "expected no '\\\\' here; in a name, write \\ before it"),
        ('"open', (BAD, "", 0), "expected a closing quote for the text that starts here"),
        (r"'a\'", (BAD, "", 0), "expected a closing quote for the text that starts here"),
        *(
            (written, (BAD, "", 0), "expected a number such as 5, -0.5 or 1e3; other values need quotes")
            for written in ("5.", "1.2.3", "12abc", "2024-01-01", "+4.x")
        ),
        *(
            (written, (BAD, "", 0), "expected a number of at most 100 characters, below 1e308")
            for written in ("1" * 101, "1e999")
        ),
    ],
)
def test_what_cannot_be_read_is_told_once_and_passed_over(
    written: str, token: tuple[Kind, str, int], text: str
) -> None:
    assert read(written) == ([token, (END, "", len(written))], [(0, text)])


def test_problems_of_different_kinds_side_by_side_are_all_told() -> None:
    assert [offset for offset, _ in read("@ 5. 'open")[1]] == [0, 2, 5]


def test_a_dot_in_quotes_begins_no_name() -> None:
    assert [token[0] for token in read('"."5')[0]] == [TEXT, NUMBER, END]


def test_goes_on_after_a_problem() -> None:
    tokens, problems = read("@ a ; b")
    assert [token[0] for token in tokens] == [BAD, NAME, BAD, NAME, END]
    assert [offset for offset, _ in problems] == [0, 4]

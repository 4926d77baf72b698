"""contains and match, of texts and of everything else."""

from typing import Any

import pytest

from segment_events.fql import compile_trigger

NO_TEXTS = [None, True, 5, ["Signed Up"], {"Signed Up": 1}]


def decide(fql: str, event: Any) -> bool:
    return compile_trigger(fql)({"event": event})


@pytest.mark.parametrize(
    ("text", "found"),
    [("Signed", True), ("ned U", True), ("", True), ("signed", False), ("Signed Up!", False)],
)
def test_contains(text: str, found: bool) -> None:
    assert decide(f'contains(event, "{text}")', "Signed Up") is found
    assert decide(f'!contains(event, "{text}")', "Signed Up") is not found


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("Signed Up", True),
        ("igned Up", False),
        ("Signed", False),
        ("", False),
        ("*", True),
        ("**", True),
        ("Signed*", True),
        ("Signed Up*", True),
        ("*Up", True),
        ("*Signed Up", True),
        ("*ned*", True),
        ("*Signed*", True),
        ("S*d*p", True),
        ("S*n*n*p", False),
        ("S*Up*Up", False),
        ("Signed *d Up", False),
        ("*x*", False),
        ("signed*", False),
        ("Signed ?p", False),
        ("[S]*", False),
        (r"Signed\*", False),
    ],
)
def test_match(pattern: str, fits: bool) -> None:
    assert decide(f'match(event, "{pattern}")', "Signed Up") is fits
    assert decide(f'!match(event, "{pattern}")', "Signed Up") is not fits


@pytest.mark.parametrize(
    ("pattern", "text"),
    [(r"2\*3", "2*3"), (r"2\**", "2*3=6"), (r"*\\*", "a\\b"), ("a*b", "a\nb"), ("é*", "élan")],
)
def test_match_of_signs(pattern: str, text: str) -> None:
    assert decide(f"match(event, '{pattern}')", text) is True


def test_a_piece_is_not_found_inside_the_last_one() -> None:
    assert decide('match(event, "a*bc*c")', "a bc") is False
    assert decide('match(event, "a*bc*c")', "a bcc") is True


@pytest.mark.parametrize("actual", NO_TEXTS)
@pytest.mark.parametrize("search", ['contains(event, "")', 'match(event, "*")'])
def test_only_texts_are_searched_also_when_negated(search: str, actual: Any) -> None:
    assert decide(search, actual) is False
    assert decide(f"!{search}", actual) is False
    assert decide(f"!({search})", actual) is True

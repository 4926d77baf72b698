"""Finds the word that somebody meant who misspelt it."""

from collections.abc import Iterable
from typing import Final

_LEAST_ALIKE: Final = 0.7


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Give "; did you mean …?" with the choice that is most like `word`, "" if none is like it."""
    # Imported when something is misspelt: no start of a function needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    spellings = {choice.lower(): choice for choice in choices}
    found = get_close_matches(word.lower(), spellings, 1, _LEAST_ALIKE)
    return f"; did you mean {spellings[found[0]]}?" if found else ""

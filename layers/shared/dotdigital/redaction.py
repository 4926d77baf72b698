"""Takes addresses and telephone numbers out of Dotdigital's own words, so that errors can be shown and logged."""

import re

_ADDRESS = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_LONGEST = 300


def redact(text: str) -> str:
    """Give `text` without e-mail addresses and telephone numbers, on one line, at most 300 characters long."""
    text = _NUMBER.sub("[number]", _ADDRESS.sub("[address]", " ".join(text.split())))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

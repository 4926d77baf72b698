"""Half a character becomes U+FFFD where JSON is read, and anything else stays what it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital.connections import RequestBody
from dotdigital.http_messages import Response
from dotdigital.json_text import read_json, well_formed, well_formed_text

TEXTS = st.text() | st.text(alphabet="a\\ud83d😀é\ud83d\ude00\udfff\ud800")
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers() | st.none() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half \ud83d", "half \ufffd"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83dx", "\ufffdx"),
        ("\ud83d\ud83d\ude00", "\ufffd😀"),
        ("whole 😀", "whole 😀"),
        ("한국 \\ud83e", "한국 \\ud83e"),
    ],
)
def test_each_half_is_replaced_in_keys_and_values_however_they_are_written(text: str, expected: str) -> None:
    value, mended = {"a": [text], text: 1}, {"a": [expected], expected: 1}
    assert read_json(json.dumps(value)) == mended
    assert read_json(json.dumps(value).replace(r"\ud83d", r"\uD83D").replace(r"\ude00", r"\uDE00")) == mended
    assert read_json(json.dumps(value, ensure_ascii=False)) == mended
    assert read_json(json.dumps(value, ensure_ascii=False).encode(errors="surrogatepass")) == mended
    assert Response(200, {}, json.dumps(value).encode()).json() == mended
    assert well_formed(value) == mended
    assert well_formed_text(text) == expected


@given(VALUES)
def test_what_was_read_can_be_written_as_utf_8(value: Any) -> None:
    read = read_json(json.dumps(value))
    assert json.dumps(read, ensure_ascii=False).encode().decode()
    assert read == well_formed(value)
    assert well_formed(read) is read
    body = b"".join(RequestBody(value))
    assert json.loads(body.decode()) == read
    assert json.dumps(json.loads(body), ensure_ascii=False).encode()

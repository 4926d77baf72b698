import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.api_gateway import EnvelopeError, read_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(JSON)
def test_reads_any_json(content: object) -> None:
    assert read_json(json.dumps(content).encode()) == content


@given(st.binary())
def test_refuses_or_reads_any_bytes(body: bytes) -> None:
    with contextlib.suppress(EnvelopeError):
        read_json(body)


@pytest.mark.parametrize("body", [b"", b"{", b"type=track", b'{"a":NaN}', b'{"a":Infinity}', b"\xff\xfe{}"])
def test_what_is_not_json_is_400(body: bytes) -> None:
    with pytest.raises(EnvelopeError) as caught:
        read_json(body)
    assert caught.value.status == 400


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_a_depth_of_100_is_read() -> None:
    assert read_json(nested(100))


@pytest.mark.parametrize("depth", [101, 5000, 200_000])
def test_deeper_than_100_is_400(depth: int) -> None:
    with pytest.raises(EnvelopeError, match="nested") as caught:
        read_json(nested(depth))
    assert caught.value.status == 400


def test_a_batch_is_read_whatever_the_depth_of_its_elements() -> None:
    assert len(read_json(b"[" + nested(5_000) + b"," + nested(1) + b"]")) == 2


@pytest.mark.parametrize(("digits", "number"), [("9" * 5_000, float("inf")), ("-1" + "0" * 5_000, float("-inf"))])
def test_a_whole_number_too_long_to_read_is_infinite_and_no_other_is_changed(digits: str, number: float) -> None:
    assert read_json(f'{{"a": {digits}, "b": 12345678901234567890, "c": 301}}'.encode()) == {
        "a": number,
        "b": 12345678901234567890,
        "c": 301,
    }


def test_many_brackets_that_are_not_deep_are_read() -> None:
    assert len(read_json(b"[" + b",".join([b"{}"] * 500) + b"]")) == 500


def test_over_6_mb_is_413() -> None:
    with pytest.raises(EnvelopeError) as caught:
        read_json(b'"' + b"a" * (6 * 1024 * 1024) + b'"')
    assert caught.value.status == 413

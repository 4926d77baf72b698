"""JSON arrays read as a stream: whatever the elements are and wherever the chunks end."""

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.operate.batches import MOST_BYTES
from cli.operate.events_file import Line
from cli.operate.json_array import read_elements

EVENT = '{"messageId": "m-1", "type": "track"}'
TEXTS = st.text(alphabet='a"\\[]{},: \n€😀', max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)


class Chunks(io.BytesIO):
    """Gives a few bytes at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        super().__init__(content)
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        """Give `most` bytes, whatever is asked for."""
        return super().read(self._most)


def elements(content: str | bytes, most: int = 1 << 16) -> list[Line]:
    return list(read_elements(Chunks(content if isinstance(content, bytes) else content.encode(), most)))


def event(value: Any) -> dict[str, Any]:
    return {"messageId": "m-1", "type": "track", "properties": value}


@given(
    st.lists(VALUES, max_size=5),
    st.integers(1, 40),
    st.sampled_from([None, 2]),
    st.booleans(),
    st.sampled_from(["", "\ufeff"]),
)
def test_each_element_is_an_event_and_reading_goes_on_after_any(
    values: list[Any], most: int, indent: int | None, ascii_only: bool, mark: str
) -> None:
    content = mark + json.dumps([event(value) for value in values], indent=indent, ensure_ascii=ascii_only)
    read = elements(content, most)
    assert [json.loads(line.text) for line in read] == [event(value) for value in values]
    assert [(line.number, line.refused) for line in read] == [(number + 1, None) for number in range(len(values))]
    for line in read:
        stream = Chunks(content.encode(), most)
        stream.seek(line.end)
        assert list(read_elements(stream, line.number, line.end)) == read[line.number :]


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ("[]", []),
        (" [ ] \n", []),
        (f"[{EVENT},,{EVENT},]", [None, None]),
        (f"[{EVENT}]\n[{EVENT}]", [None, None]),
        (f"[{EVENT}, 7, {EVENT}]", [None, "is not a Segment event: event must be a JSON object", None]),
        (f"[{EVENT}, {{a: 1}}, {EVENT}]", [None, "is not JSON: Expecting property name", None]),
        (f"[{EVENT}, ", [None, "is cut off: the file ends before its array does"]),
        (f'[{EVENT}, {{"a": "b', [None, "is cut off: the file ends before its array does"]),
        (f"[{EVENT}] odd", [None, "is not JSON: Expecting value in column 1"]),
        (f"[{EVENT}] odd [{EVENT}]", [None, "is not JSON: Expecting value in column 1", None]),
    ],
)
@pytest.mark.parametrize("most", [1, 7, 1 << 16])
def test_what_is_no_event_is_refused_and_the_next_one_is_read(
    content: str, refused: list[str | None], most: int
) -> None:
    read = elements(content, most)
    assert len(read) == len(refused)
    for line, reason in zip(read, refused, strict=True):
        assert bool(line.refused) == bool(reason)
        assert (line.refused or "").startswith(reason or "")


def test_an_element_that_no_message_can_hold_is_refused_and_not_kept_whole() -> None:
    too_long = json.dumps(event("x" * 5 * MOST_BYTES))
    good, bad, last = elements(f"[{EVENT},{too_long},{EVENT}]")
    assert (good.text, last.text) == (EVENT, EVENT)
    assert bad.refused == "is over 1,048,576 bytes, which is what a message may hold"
    assert len(bad.text) == MOST_BYTES + 1


def test_of_a_long_array_no_more_than_an_element_is_in_memory() -> None:
    content = b"[" + b",".join([EVENT.encode()] * 100_000) + b"]"
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_elements(io.BytesIO(content))) == 100_000
        assert tracemalloc.get_traced_memory()[1] < len(content) + (1 << 20)
    finally:
        tracemalloc.stop()

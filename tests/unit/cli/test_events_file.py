import gzip
import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.ending import CommandError
from cli.events_file import Line, read_array, read_lines, reader_for
from cli.queues import MOST_BYTES

EVENT = '{"messageId": "m-1", "type": "track"}'


def lines(content: bytes) -> list[Line]:
    return list(read_lines(io.BytesIO(content)))


def event_of(size: int) -> str:
    """An event of so many bytes."""
    filler = size - len('{"messageId": "m-1", "type": "track", "x": ""}')
    return f'{{"messageId": "m-1", "type": "track", "x": "{"x" * filler}"}}'


@pytest.mark.parametrize(
    "content",
    [EVENT, f"{EVENT}\n", f"{EVENT}\r\n", f"  {EVENT}\t\n", f"\ufeff{EVENT}\n"],
    ids=["no end", "LF", "CRLF", "spaces", "byte order mark"],
)
def test_an_event_is_sent_as_it_is_without_what_is_around_it(content: str) -> None:
    assert lines(content.encode()) == [Line(1, len(content.encode()), EVENT)]


def test_empty_lines_are_left_out_but_counted() -> None:
    assert lines(f"\n{EVENT}\n \r\n{EVENT}\n\n".encode()) == [Line(2, 39, EVENT), Line(4, 80, EVENT)]


def test_reading_goes_on_at_a_line_and_a_byte() -> None:
    stream = io.BytesIO(f"{EVENT}\n{EVENT}\n".encode())
    stream.seek(38)
    assert list(read_lines(stream, 1, 38)) == [Line(2, 76, EVENT)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"no", "is not JSON: Expecting value in column 1"),
        (b'{"type": NaN}', "is not JSON: NaN is no value of JSON"),
        (b'{"a": "\xff"}', "is not UTF-8 from byte 8 of the line"),
        (b"[" * 100_000, "is nested too deep"),
        (b"[1]", "is not a Segment event: event must be a JSON object"),
        (b'{"type": "track"}', "is not a Segment event: messageId is required"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else "",
)
def test_what_is_not_an_event_is_refused_and_the_next_line_is_read(content: bytes, reason: str) -> None:
    bad, good = lines(content + b"\n" + EVENT.encode())
    assert bad == Line(1, len(content) + 1, content.decode(errors="backslashreplace"), reason)
    assert (good.number, good.text, good.refused) == (2, EVENT, None)


@pytest.mark.parametrize("over", [1, 2, 3, MOST_BYTES, 5 * MOST_BYTES])
def test_a_line_that_no_message_can_hold_is_refused_and_not_kept_whole(over: int) -> None:
    longest, too_long = event_of(MOST_BYTES), event_of(MOST_BYTES + over)
    good, bad, last = lines(f"{longest}\n{too_long}\n{EVENT}\n".encode())
    assert good == Line(1, MOST_BYTES + 1, longest)
    assert bad.refused == "is over 1,048,576 bytes, which is what a message may hold"
    assert len(bad.text) < 3 * MOST_BYTES
    assert last == Line(3, 2 * MOST_BYTES + over + 40, EVENT)


def test_a_character_that_sqs_does_not_take_is_written_as_json_escapes_it() -> None:
    [line] = lines('{"messageId": "m-1", "type": "track", "x": "\uffff€"}'.encode())
    assert "\uffff" not in line.text
    assert json.loads(line.text) == {"messageId": "m-1", "type": "track", "x": "\uffff€"}


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\n \n",
        EVENT.encode(),
        b"\xef\xbb\xbf" + EVENT.encode(),
        b"\n\n  " + EVENT.encode(),
        b"no JSON\n" + EVENT.encode(),
        EVENT.encode()[:20] + b"\n" + EVENT.encode(),
        b"{\n" + EVENT.encode(),
        b'{"a": "' + b"x" * 8_192,
    ],
)
def test_lines_with_an_object_are_lines(start: bytes) -> None:
    assert reader_for(start, "file") is read_lines


@pytest.mark.parametrize("start", [b"[" + EVENT.encode(), b"\xef\xbb\xbf \n[\n" + EVENT.encode(), b"[]"])
def test_an_array_is_one(start: bytes) -> None:
    assert reader_for(start, "file") is read_array


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"messageId,type\nm-1,track\n", "a CSV file"),
        (b"messageId\ttype\nm-1\ttrack\n", "a CSV file"),
        (b"PK\x03\x04\x14\x00", "a ZIP file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"Obj\x01\x04", "an Avro file"),
        (b"\x28\xb5\x2f\xfd\x00", "compressed by Zstandard"),
        (gzip.compress(EVENT.encode(), mtime=0), "gzipped twice"),
        (EVENT.encode("utf-16"), "text in UTF-16"),
        (b"<html>", "XML or HTML"),
        (b"\x00\x01\x02", "no text"),
        (b"no JSON", "text that is no JSON"),
        (
            b'{\n  "messageId": "m-1",\n  "type": "track"\n}\n',
            "JSON whose objects stand on several lines: put each on a line of its own, or all between [ and ]",
        ),
    ],
)
def test_anything_else_is_named(start: bytes, what: str) -> None:
    with pytest.raises(CommandError) as error:
        reader_for(start, "export")
    assert str(error.value) == (
        f"export is {what}. backfill reads JSON lines or a JSON array of events, gzipped or not."
    )


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
    return list(read_array(Chunks(content if isinstance(content, bytes) else content.encode(), most)))


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
        assert list(read_array(stream, line.number, line.end)) == read[line.number :]


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
        assert sum(1 for _ in read_array(io.BytesIO(content))) == 100_000
        assert tracemalloc.get_traced_memory()[1] < len(content) + (1 << 20)
    finally:
        tracemalloc.stop()

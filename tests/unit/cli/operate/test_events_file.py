import io
import json

import pytest

from cli.operate.batches import MOST_BYTES
from cli.operate.events_file import Line, read_lines

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

"""What a file is, told by its beginning."""

import gzip

import pytest

from cli.operate.errors import OperateError
from cli.operate.file_form import Form, form_of

EVENT = b'{"messageId": "m-1", "type": "track"}'


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\n \n",
        EVENT,
        b"\xef\xbb\xbf" + EVENT,
        b"\n\n  " + EVENT,
        b"no JSON\n" + EVENT,
        EVENT[:20] + b"\n" + EVENT,
        b"{\n" + EVENT,
        b'{"a": "' + b"x" * 8_192,
    ],
)
def test_lines_with_an_object_are_lines(start: bytes) -> None:
    assert form_of(start, "file") is Form.LINES


@pytest.mark.parametrize("start", [b"[" + EVENT, b"\xef\xbb\xbf \n[\n" + EVENT, b"[]"])
def test_an_array_is_one(start: bytes) -> None:
    assert form_of(start, "file") is Form.ARRAY


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"messageId,type\nm-1,track\n", "a CSV file"),
        (b"messageId\ttype\nm-1\ttrack\n", "a CSV file"),
        (b"PK\x03\x04\x14\x00", "a ZIP file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"Obj\x01\x04", "an Avro file"),
        (b"\x28\xb5\x2f\xfd\x00", "compressed by Zstandard"),
        (gzip.compress(EVENT, mtime=0), "gzipped twice"),
        (EVENT.decode().encode("utf-16"), "text in UTF-16"),
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
    with pytest.raises(OperateError) as error:
        form_of(start, "export")
    assert str(error.value) == (
        f"export is {what}. backfill reads JSON lines or a JSON array of events, gzipped or not."
    )

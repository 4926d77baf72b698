"""The elements of a JSON array, read as a stream: no more than one of them is in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Final

from cli.operate import batches
from cli.operate.events_file import Line, event_line, refused_line
from cli.operate.file_form import BYTE_ORDER_MARK

_CHUNK: Final = 64 * 1024
_SIGN: Final = re.compile(rb'["\[\]{},]')
_SIGN_IN_TEXT: Final = re.compile(rb'["\\]')
_CUT_OFF: Final = "is cut off: the file ends before its array does"


def read_elements(stream: BufferedIOBase, number: int = 0, place: int = 0) -> Iterator[Line]:
    """Read from `stream`, which stands at byte `place` after element `number`, to its end; arrays may follow another.

    An element is told as a line is, by its number. Of one that is too long for a message, only the beginning is kept
    in memory.
    """
    splitter = _Splitter(place)
    while chunk := stream.read(_CHUNK):
        for end, element in splitter.elements(chunk):
            number += 1
            yield event_line(number, end, element)
    if splitter.depth:
        yield refused_line(number + 1, splitter.place, splitter.rest, _CUT_OFF)
    elif splitter.rest:
        yield event_line(number + 1, splitter.place, splitter.rest)


class _Splitter:
    """Cuts arrays into their elements, chunk by chunk: `place` is where the next chunk begins, `rest` what is left."""

    def __init__(self, place: int) -> None:
        """Begin with a file, or, at any other `place`, after an element."""
        self.place = place
        self.depth = 1 if place else 0
        self.rest = b""
        self._is_in_text = False
        self._skipped = 0

    def elements(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """Give each element that ends in the next chunk, and the place of its end."""
        begins, at = 0, self._skipped
        while found := (_SIGN_IN_TEXT if self._is_in_text else _SIGN).search(chunk, at):
            sign, at = found.group(), found.end()
            if sign == b"\\":
                at += 1
            elif sign == b'"':
                self._is_in_text = not self._is_in_text
            elif (ends := self._end_at(sign, found.start(), found.end())) is not None:
                self._keep(chunk[begins : found.start()])
                begins = at
                if self.rest not in {b"", BYTE_ORDER_MARK}:
                    yield self.place + ends, self.rest.rstrip()
                self.rest = b""
        self._keep(chunk[begins:])
        self._skipped = max(at - len(chunk), 0)
        self.place += len(chunk)

    def _end_at(self, sign: bytes, start: int, end: int) -> int | None:
        """Follow a sign outside of texts; give where what stands before it ends, if it ends there.

        That is before what divides or closes the array, so that reading can go on there, within it.
        """
        before = self.depth
        self.depth = max(before + (sign in b"[{") - (sign in b"]}"), 0)
        if before == 0:
            return end if self.depth else None
        return start if before == 1 and sign not in b"[{" else None

    def _keep(self, piece: bytes) -> None:
        piece = piece if self.rest else piece.lstrip()
        self.rest += piece[: batches.MOST_BYTES + 1 - len(self.rest)]

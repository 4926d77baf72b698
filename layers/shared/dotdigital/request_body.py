"""The JSON body of a call, which knows whether it left: what is in doubt after a break depends on that alone."""

import json
from collections.abc import Iterator
from typing import Any, Final

from dotdigital.errors import RejectedError
from dotdigital.json_text import well_formed

_encode: Final = json.JSONEncoder(allow_nan=False).encode  # json.dumps would make one for each body


class RequestBody:
    """The bytes of a body. Raises RejectedError for what JSON has no word for: NaN and infinity.

    A connection asks for them once it is made, TLS and all, and the headers are sent. Until then Dotdigital cannot
    have done what the call asks for, whatever breaks.
    """

    def __init__(self, value: Any) -> None:
        """Write `value` as JSON."""
        try:
            written = _encode(value)
        except ValueError:
            raise RejectedError("a number must be finite to be sent") from None
        if r"\ud" in written:  # an emoji, or half of one that a mapping cut
            written = _encode(well_formed(value))
        self._content = written.encode()
        self.left = False

    def __len__(self) -> int:
        """Give the number of bytes, for Content-Length."""
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        """Give the bytes to the connection."""
        self.left = True
        yield self._content

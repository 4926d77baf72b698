"""An answer of the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dotdigital.json_text import read_json


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `body` is None where it broke off, came too slowly or is over 16 MiB."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None

    def json(self) -> Any:
        """Give the JSON of the body. Raises ValueError where there is none that can be read."""
        try:
            return read_json(self.body or b"")
        except RecursionError:
            raise ValueError("it is nested too deeply") from None

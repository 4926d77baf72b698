"""Marketing SMS to one number, through the v2 API.

https://developer.dotdigital.com/reference/send-single-sms
"""

from typing import TYPE_CHECKING

from dotdigital.calls import Call
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport


class Sms:
    """Single SMS messages."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def send(self, number: str, message: str) -> None:
        """Text `message` to `number`, international digits. Dotdigital gives no message id back."""
        to = path("v2", "sms-messages", "send-to", number)
        self._transport.make(Call("POST", to, body={"message": message}, send=True))

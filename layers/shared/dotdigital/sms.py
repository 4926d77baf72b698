"""SMS to one number: marketing messages through the v2 API, transactional ones through CPaaS of the account's region.

https://developer.dotdigital.com/reference/send-single-sms
https://developer.dotdigital.com/reference/channel-sms
"""

from typing import Any, Final

from dotdigital.errors import RejectedError
from dotdigital.http_messages import Request, path
from dotdigital.transport import Resource

_PAY_AS_YOU_GO: Final = "Transactional SMS needs 'SMS pay as you go': have it switched on for the account"
_NOT_SENT: Final = ("failed", "filtered", "expired")


class Sms(Resource):
    """Single marketing messages."""

    def send(self, number: str, message: str) -> None:
        """Send `message` to `number`, international digits. Dotdigital returns no message id."""
        to = path("v2", "sms-messages", "send-to", number)
        self._transport.request(Request("POST", to, body={"message": message}, send=True))


class TransactionalSms(Resource):
    """Single messages of the CPaaS API. Dotdigital applies no suppression list to them."""

    def send(
        self,
        number: str,
        message: str,
        *,
        sender: str | None = None,
        allow_unicode: bool = False,
        shorten_links: bool = False,
    ) -> str:
        """Send `message` to `number`, international digits, and return the message's id.

        Raises RejectedError where Dotdigital takes the message and says at once that it will not be delivered.
        """
        options: dict[str, Any] = {"from": sender} if sender else {}
        if allow_unicode:
            options["allowUnicode"] = True
        body: dict[str, Any] = {"to": {"phoneNumber": number}, "body": message, "rules": ["sms"]}
        if options:
            body["channelOptions"] = {"sms": options}
        if shorten_links:
            body["shortenLinks"] = "on"
        to = path("cpaas", "messages")
        response = self._transport.request(Request("POST", to, body=body, send=True, feature=_PAY_AS_YOU_GO))
        message_id, read = response.with_text("messageId")
        if (status := read.text("status")) in _NOT_SENT:
            raise RejectedError(f"Dotdigital says that the message is {status}")
        return message_id

"""Transactional SMS to one number, through the CPaaS API of the account's region.

https://developer.dotdigital.com/reference/channel-sms
"""

from typing import TYPE_CHECKING, Any, Final

from dotdigital.calls import Call
from dotdigital.errors import RejectedError
from dotdigital.ids import answered
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_PAY_AS_YOU_GO: Final = "Transactional SMS needs 'SMS pay as you go': have it switched on for the account"
_NOT_SENT: Final = ("failed", "filtered", "expired")


class TransactionalSms:
    """Single messages of the CPaaS API. Suppression lists are not applied to them."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def send(
        self,
        number: str,
        message: str,
        *,
        sender: str | None = None,
        allow_unicode: bool = False,
        shorten_links: bool = False,
    ) -> str:
        """Text `message` to `number`, international digits, and give the message's id.

        Raises RejectedError where Dotdigital took the message and says at once that it will not be delivered.
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
        answer = self._transport.call(Call("POST", to, body=body, send=True, feature=_PAY_AS_YOU_GO))
        message_id = str(answered(answer, "messageId", str, send=True))
        if answer.get("status") in _NOT_SENT:
            raise RejectedError(f"Dotdigital says that the message is {answer['status']}")
        return message_id

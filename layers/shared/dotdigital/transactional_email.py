"""Transactional e-mail with its content in the call, through the v2 API.

https://developer.dotdigital.com/reference/send-transactional-email
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dotdigital.calls import Call
from dotdigital.errors import RejectedError
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_SWITCH_ON: Final = "Transactional e-mail must be switched on for the account: ask Dotdigital to"


@dataclass(frozen=True)
class Email:
    """One e-mail. The addresses may have display names."""

    sender: str
    to: Sequence[str]
    subject: str
    html: str
    plain_text: str | None = None
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()


class TransactionalEmail:
    """Transactional e-mails of an account."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def send(self, email: Email) -> None:
        """Send an e-mail. Dotdigital gives no message id back. Raises RejectedError for an e-mail to nobody."""
        if not email.to:
            raise RejectedError("an e-mail must have somebody to go to")
        body = {
            "ToAddresses": list(email.to),
            "CCAddresses": list(email.cc),
            "BCCAddresses": list(email.bcc),
            "Subject": email.subject,
            "FromAddress": email.sender,
            "HtmlContent": email.html,
        }
        if email.plain_text:
            body["PlainTextContent"] = email.plain_text
        self._transport.make(Call("POST", path("v2", "email"), body=body, send=True, feature=_SWITCH_ON))

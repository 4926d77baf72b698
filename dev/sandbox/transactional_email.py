"""Transactional e-mail: POST /v2/email.

https://developer.dotdigital.com/reference/send-transactional-email
"""

from __future__ import annotations

import json
from email.utils import parseaddr
from typing import Annotated, Final

from pydantic import AfterValidator, Base64Str, Field, JsonValue, model_validator

from dev.sandbox.answers import Answer
from dev.sandbox.call import Call, Route, V2Body, v2_body

_MOST_ADDRESSES: Final = 100
_MOST_METADATA: Final = 1500


def sender(text: str) -> str:
    """An address, with or without a display name, that has an @ with something on either side."""
    _bare(parseaddr(text)[1])
    return text


def _bare(text: str) -> str:
    if "@" not in text.strip("@") or len(text.split()) > 1:
        raise ValueError("is not an e-mail address")
    return text


def _short(value: JsonValue) -> JsonValue:
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) > _MOST_METADATA:
        raise ValueError("metadata is too long")
    return value


Addresses = Annotated[list[Annotated[str, AfterValidator(_bare)]], Field(max_length=_MOST_ADDRESSES)]
"""Recipients: addresses without display names, as the description says."""


class Attachment(V2Body):
    """A file that goes with the message; its content is base64."""

    file_name: str
    mime_type: str
    content: Base64Str


class TransactionalEmail(V2Body):
    """The body of POST /v2/email."""

    to_addresses: Annotated[Addresses, Field(min_length=1)]
    cc_addresses: Addresses = Field(default_factory=list)
    bcc_addresses: Addresses = Field(default_factory=list)
    subject: Annotated[str, Field(min_length=1)]
    from_address: Annotated[str, AfterValidator(sender)] | None = None
    html_content: str | None = None
    plain_text_content: str | None = None
    metadata: Annotated[JsonValue, AfterValidator(_short)] = None
    attachments: list[Attachment] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_content(self) -> TransactionalEmail:
        if not (self.html_content or self.plain_text_content):
            raise ValueError("neither htmlContent nor plainTextContent is given")
        return self


def post_email(call: Call) -> Answer:
    """Send an e-mail; the answer has no body.

    A sender that is not registered on the account is replaced by the default, without a word.
    """
    given = v2_body(call, TransactionalEmail)
    senders = call.account.from_addresses
    named = parseaddr(given.from_address or "")[1]
    call.effect(
        "email_sent",
        to=given.to_addresses,
        cc=given.cc_addresses,
        bcc=given.bcc_addresses,
        subject=given.subject,
        sender=named if named in senders else senders[0],
        metadata=given.metadata,
        attachments=[item.file_name for item in given.attachments],
    )
    return Answer(200)


ROUTES: Final = (Route("POST", "/v2/email", post_email, "unlimited", flat_exempt=True),)

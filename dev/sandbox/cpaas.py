"""Transactional SMS through the omnichannel API: POST /cpaas/messages.

https://developer.dotdigital.com/reference/channel-sms
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import uuid4

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from dev.sandbox.answers import Answer, Refusal, cpaas_error
from dev.sandbox.call import Call, Route
from dev.sandbox.clock import iso

_NUMBER: Final = re.compile(r"\+?[1-9][0-9]{6,14}")
_LONGEST: Final = 2000
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€"
)


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError("is not a number in international format")
    return text


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)


class Recipient(_Part):
    """To whom: only numbers here, since only SMS is kept."""

    phone_number: Annotated[str, AfterValidator(_number)]


class SmsOptions(_Part):
    """The options of the SMS channel."""

    from_: str | None = Field(None, min_length=3, alias="from")
    allow_unicode: bool = False
    unicode_conversion: dict[str, JsonValue] = {}


class ChannelOptions(_Part):
    """The options of each channel; only SMS here."""

    sms: SmsOptions = SmsOptions()


class Message(_Part):
    """The body of POST /cpaas/messages, as far as SMS uses it."""

    to: Recipient
    body: Annotated[str, Field(min_length=1, max_length=_LONGEST)]
    rules: Annotated[list[Literal["sms"]], Field(min_length=1)]
    channel_options: ChannelOptions = ChannelOptions()
    metadata: dict[str, JsonValue] = {}
    shorten_links: Literal["on", "marked", "off"] = "off"
    expires_on: datetime | None = None
    conversation_id: str | None = None
    require_opt_in: bool = False


def post_message(call: Call) -> Answer:
    """Take an SMS. Text outside GSM 03.38 without `allowUnicode` is taken but not sent."""
    given = _read(call.body)
    unicode_text = not _GSM.issuperset(given.body)
    sent = given.channel_options.sms.allow_unicode or not unicode_text
    message_id = str(uuid4())
    call.effect(
        "sms_sent" if sent else "sms_not_sent",
        api="cpaas",
        to=given.to.phone_number.removeprefix("+"),
        message=given.body,
        sender=given.channel_options.sms.from_,
        messageId=message_id,
        metadata=given.metadata,
    )
    echo = given.model_dump(mode="json", by_alias=True, exclude_unset=True)
    now = iso(call.state.clock.now())
    return Answer(201, {"messageId": message_id, "status": "processing", "sentOn": now, **echo})


def _read(body: bytes) -> Message:
    try:
        return Message.model_validate_json(body)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    raise Refusal(cpaas_error([(".".join(map(str, item["loc"])) or "body", item["msg"]) for item in problems]))


ROUTES: Final = (Route("POST", "/cpaas/messages", post_message, "unlimited"),)

"""SMS: to one number through v2, and transactional SMS through the omnichannel API.

https://developer.dotdigital.com/reference/send-single-sms
https://developer.dotdigital.com/reference/channel-sms
"""

import re
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import uuid4

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter
from pydantic.alias_generators import to_camel

from dev.sandbox.api import Problems, Refusal, Request, Response, Route, V2Body, v2_body, v2_error, v3_body
from dev.sandbox.clock import iso

_NUMBER: Final = re.compile(r"\+?[1-9][0-9]{6,14}")
_LONGEST_V2: Final = 1600
_LONGEST_CPAAS: Final = 2000
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€"
)


def _international(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError("is not a number in international format")
    return text


class SmsMessage(V2Body):
    """The body of v2: the text alone."""

    message: Annotated[str, Field(min_length=1, max_length=_LONGEST_V2)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)


class Recipient(_Part):
    """To whom: only numbers here, since only SMS is kept."""

    phone_number: Annotated[str, AfterValidator(_international)]


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
    body: Annotated[str, Field(min_length=1, max_length=_LONGEST_CPAAS)]
    rules: Annotated[list[Literal["sms"]], Field(min_length=1)]
    channel_options: ChannelOptions = ChannelOptions()
    metadata: dict[str, JsonValue] = {}
    shorten_links: Literal["on", "marked", "off"] = "off"
    expires_on: datetime | None = None
    conversation_id: str | None = None
    require_opt_in: bool = False


_MESSAGE: Final = TypeAdapter(Message)


def post_sms(request: Request) -> Response:
    """Send an SMS; the response has no body and names no message."""
    number = request.params["telephoneNumber"]
    given = v2_body(request, SmsMessage, "ERROR_SMS_INVALID")
    if not _NUMBER.fullmatch(number):
        raise v2_error(400, "ERROR_SMS_INVALIDPHONENUMBER")
    request.effect("sms_sent", api="v2", to=number.removeprefix("+"), message=given.message)
    return Response(204)


def post_message(request: Request) -> Response:
    """Take an SMS. Text outside GSM 03.38 without `allowUnicode` is taken but not sent."""
    given = v3_body(request, _MESSAGE, _cpaas_error)
    options = given.channel_options.sms
    message_id = str(uuid4())
    request.effect(
        "sms_sent" if options.allow_unicode or _GSM.issuperset(given.body) else "sms_not_sent",
        api="cpaas",
        to=given.to.phone_number.removeprefix("+"),
        message=given.body,
        sender=options.from_,
        messageId=message_id,
        metadata=given.metadata,
    )
    echo = given.model_dump(mode="json", by_alias=True, exclude_unset=True)
    now = iso(request.state.clock.now())
    return Response(201, {"messageId": message_id, "status": "processing", "sentOn": now, **echo})


def get_message(request: Request) -> Response:
    """Find no message: none is kept. The response has no body."""
    raise Refusal(404)


def _cpaas_error(problems: Problems) -> Refusal:
    failures = [{"key": key, "failure": text} for key, text in problems]
    return Refusal(400, {"message": "Validation failed", "validationFailures": failures})


ROUTES: Final = (
    Route("POST", "/v2/sms-messages/send-to/{telephoneNumber}", post_sms, "unlimited"),
    Route("POST", "/cpaas/messages", post_message, "unlimited"),
    Route("GET", "/cpaas/messages/{messageId}", get_message, "unlimited"),
)

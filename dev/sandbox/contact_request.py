"""The body of PATCH /contacts/v3/{identifier}/{value}, as strictly typed as v3 is.

https://developer.dotdigital.com/reference/importcontact
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from dev.sandbox.answers import Answer, Problems, Refusal, bad_request

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Text = Annotated[str, StringConstraints(min_length=1)]
_URI = r"^https?://[!#-;=?-\[\]_a-z~]+$"
"""The characters of a URI, all of them ASCII: https://www.rfc-editor.org/rfc/rfc3986"""
Locale = Literal[
    "cs-CS",
    "da-DA",
    "de-DE",
    "el-EL",
    "en-EN",
    "es-ES",
    "es",
    "fi-FI",
    "fr-FR",
    "hu-HU",
    "it-IT",
    "nl-NL",
    "nb-NO",
    "pl-PL",
    "pt-PT",
    "ru-RU",
    "se-SE",
    "sk-SK",
    "tr-TR",
    "zh-CN",
]
"""The locales that a challenge is written in; they are Dotdigital's own, not all of them are real."""
Url = Annotated[str, StringConstraints(pattern=_URI)]
SendStatus = Literal["noSubscription", "subscribed", "unsubscribed", "suppressed"]


class V3Body(BaseModel):
    """A body of v3 or a part of one: strict types, no unknown names, no null where none is told."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)

    @model_validator(mode="after")
    def _no_nulls(self) -> Self:
        if nulls := [name for name in self.model_fields_set if getattr(self, name) is None]:
            raise ValueError(f"may not be null: {', '.join(map(to_camel, sorted(nulls)))}")
        return self


class Identifiers(V3Body):
    """The identifiers of the contact; at least one of them if the contact is new."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    mobile_number: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None


class ResubscribeOptions(V3Body):
    """How somebody who left is subscribed again."""

    resubscribe_with_no_challenge: bool = True
    preferred_locale: Locale | None = None
    redirect_url_after_challenge: Url | None = None


class EmailRequest(V3Body):
    """What to write to the e-mail channel."""

    email_type: Literal["html", "plainText"] | None = None
    opt_in_type: Literal["unknown", "single", "double", "verifiedDouble"] | None = None
    status: Literal["subscribed", "unsubscribed", "suppressed"] | None = None
    resubscribe_options: ResubscribeOptions | None = None


class StatusRequest(V3Body):
    """What to write to the SMS or WhatsApp channel."""

    status: SendStatus | None = None


class ChannelProperties(V3Body):
    """What to write to each channel."""

    email: EmailRequest = EmailRequest()
    sms: StatusRequest = StatusRequest()
    whats_app: StatusRequest = StatusRequest()


class Preference(V3Body):
    """An opt-in to a marketing preference."""

    id: Id
    is_opted_in: bool


class ConsentRecord(V3Body):
    """A record of consent; all its keys are required."""

    text: Text
    date_time_consented: datetime
    url: Url
    ip_address: Text
    user_agent: Text


class ContactRequest(V3Body):
    """The whole body. `data_fields` is the one place where null may stand: it clears a field."""

    identifiers: Identifiers = Identifiers()
    data_fields: dict[str, JsonValue] = {}
    channel_properties: ChannelProperties = ChannelProperties()
    lists: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None
    preferences: Annotated[list[Preference], Field(min_length=1)] | None = None
    consent_records: Annotated[list[ConsentRecord], Field(min_length=1, max_length=5)] | None = None


def read_v3_body[T: V3Body](model: type[T], body: bytes, refused: Callable[[Problems], Answer] = bad_request) -> T:
    """Read a body of v3; refuses with a 400 that names each place that is wrong, as `refused` writes it."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    raise Refusal(refused([(".".join(map(str, item["loc"])) or "body", item["msg"]) for item in problems]))

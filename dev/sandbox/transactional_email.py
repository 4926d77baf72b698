"""Transactional e-mail: POST /v2/email, and POST /v2/email/triggered-campaign, which takes its content of a campaign.

https://developer.dotdigital.com/reference/send-transactional-email
https://developer.dotdigital.com/reference/send-transactional-email-using-a-triggered-campaign
"""

import json
from datetime import date
from email.utils import parseaddr
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Base64Str, Field, JsonValue, StrictStr, model_validator

from dev.sandbox.api import Request, Response, Route, V2Body, v2_body, v2_error

_MOST_ADDRESSES: Final = 100
_MOST_METADATA: Final = 1500


def _bare(text: str) -> str:
    if "@" not in text.strip("@") or len(text.split()) > 1:
        raise ValueError("is not an e-mail address")
    return text


def _with_a_name_or_without(text: str) -> str:
    _bare(parseaddr(text)[1])
    return text


def _short(value: JsonValue) -> JsonValue:
    text = value if isinstance(value, str) else json.dumps(value)
    if len(text) > _MOST_METADATA:
        raise ValueError("metadata is too long")
    return value


Addresses = Annotated[list[Annotated[str, AfterValidator(_bare)]], Field(max_length=_MOST_ADDRESSES)]
"""Recipients: addresses without display names, as the description says."""


class Envelope(V2Body):
    """From whom an e-mail comes, and to whom it goes."""

    to_addresses: Annotated[Addresses, Field(min_length=1)]
    cc_addresses: Addresses = Field(default_factory=list)
    bcc_addresses: Addresses = Field(default_factory=list)
    from_address: Annotated[str, AfterValidator(_with_a_name_or_without)] | None = None

    @property
    def recipients(self) -> dict[str, list[str]]:
        """Return to whom it goes, as the journal shows them."""
        return {"to": self.to_addresses, "cc": self.cc_addresses, "bcc": self.bcc_addresses}


class Attachment(V2Body):
    """A file that goes with the message; its content is base64."""

    file_name: str
    mime_type: str
    content: Base64Str


class TransactionalEmail(Envelope):
    """The body of POST /v2/email."""

    subject: Annotated[str, Field(min_length=1)]
    html_content: str | None = None
    plain_text_content: str | None = None
    metadata: Annotated[JsonValue, AfterValidator(_short)] = None
    attachments: list[Attachment] = Field(default_factory=list)
    tags: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not (self.html_content or self.plain_text_content):
            raise ValueError("neither htmlContent nor plainTextContent is given")
        return self


class PersonalizationValue(V2Body):
    """A value for a place of the campaign's content."""

    name: Annotated[StrictStr, Field(min_length=1)]
    value: StrictStr


class TriggeredEmail(Envelope):
    """The body of POST /v2/email/triggered-campaign."""

    campaign_id: int
    personalization_values: list[PersonalizationValue] = Field(default_factory=list)
    metadata: JsonValue = None


def post_email(request: Request) -> Response:
    """Send an e-mail; the response has no body. The account's default stands for a sender that is not registered."""
    given = v2_body(request, TransactionalEmail)
    request.effect(
        "email_sent",
        **given.recipients,
        subject=given.subject,
        sender=_sender(request, given, request.account.from_addresses[0]),
        metadata=given.metadata,
        attachments=[item.file_name for item in given.attachments],
    )
    return Response(200)


def post_triggered_email(request: Request) -> Response:
    """Send an e-mail out of a campaign whose status is Triggered; the response has no body."""
    given = v2_body(request, TriggeredEmail)
    campaign = request.account.campaign(given.campaign_id)
    if campaign is None:
        raise v2_error(404, "ERROR_CAMPAIGN_NOT_FOUND")
    if campaign.status != "Triggered":
        raise v2_error(400, "ERROR_CAMPAIGN_INVALID", "The campaign is not a triggered campaign.")
    request.effect(
        "triggered_campaign_sent",
        campaignId=campaign.id,
        **given.recipients,
        sender=_sender(request, given, campaign.from_address),
        values={item.name: item.value for item in given.personalization_values},
    )
    return Response(200)


def get_statistics(request: Request) -> Response:
    """Return the statistics since a day, of which none are kept."""
    try:
        date.fromisoformat(request.params["date"])
    except ValueError:
        raise v2_error(400, "ERROR_PARAMETER_INVALID", "date is not a day.") from None
    return Response(200, [])


def _sender(request: Request, given: Envelope, otherwise: str) -> str:
    named = parseaddr(given.from_address or "")[1]
    return named if named in request.account.from_addresses else otherwise


ROUTES: Final = (
    Route("POST", "/v2/email", post_email, "unlimited", flat_exempt=True),
    Route("POST", "/v2/email/triggered-campaign", post_triggered_email, "unlimited"),
    Route("GET", "/v2/email/stats/since-date/{date}", get_statistics, "low"),
)

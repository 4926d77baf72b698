"""One e-mail out of a triggered campaign: POST /v2/email/triggered-campaign.

https://developer.dotdigital.com/reference/send-transactional-email-using-a-triggered-campaign
"""

from __future__ import annotations

from email.utils import parseaddr
from typing import Annotated, Final

from pydantic import AfterValidator, Field, JsonValue, StrictStr

from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, v2_body
from dev.sandbox.transactional_email import Addresses, sender


class PersonalizationValue(V2Body):
    """A value for a place of the campaign's content."""

    name: Annotated[StrictStr, Field(min_length=1)]
    value: StrictStr


class TriggeredEmail(V2Body):
    """The body of POST /v2/email/triggered-campaign."""

    campaign_id: int
    to_addresses: Annotated[Addresses, Field(min_length=1)]
    cc_addresses: Addresses = Field(default_factory=list)
    bcc_addresses: Addresses = Field(default_factory=list)
    from_address: Annotated[str, AfterValidator(sender)] | None = None
    personalization_values: list[PersonalizationValue] = Field(default_factory=list)
    metadata: JsonValue = None


def post_triggered_email(call: Call) -> Answer:
    """Send an e-mail out of a campaign whose status is Triggered; the answer has no body."""
    given = v2_body(call, TriggeredEmail)
    campaign = call.account.campaign(given.campaign_id)
    if campaign is None:
        raise Refusal(v2_error(404, "ERROR_CAMPAIGN_NOT_FOUND"))
    if campaign.status != "Triggered":
        raise Refusal(v2_error(400, "ERROR_CAMPAIGN_INVALID", "The campaign is not a triggered campaign."))
    named = parseaddr(given.from_address or "")[1]
    call.effect(
        "triggered_campaign_sent",
        campaignId=campaign.id,
        to=given.to_addresses,
        cc=given.cc_addresses,
        bcc=given.bcc_addresses,
        sender=named if named in call.account.from_addresses else campaign.from_address,
        values={item.name: item.value for item in given.personalization_values},
    )
    return Answer(200)


ROUTES: Final = (Route("POST", "/v2/email/triggered-campaign", post_triggered_email, "unlimited"),)

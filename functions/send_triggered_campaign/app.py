"""Send Triggered Campaign: one e-mail out of a triggered campaign, with values of its own.

It goes to the addresses that the mapping names and to nobody else; without one nothing is sent. It is transactional:
whether Dotdigital holds it back from people who have unsubscribed is not documented, so it is not for marketing.

https://developer.dotdigital.com/reference/send-transactional-email-using-a-triggered-campaign
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import EMAIL, EmptyIdentifier
from delivery.fields.email_addresses import EmailAddresses, NamedEmailAddress
from delivery.fields.payload import Payload, SkipsWithout
from delivery.fields.scalars import Id, text_of
from delivery.outcome import Ids
from dotdigital import Dotdigital, TriggeredCampaign, one_spelling


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("must be an object")
    if not all(name.strip() for name in value):
        raise ValueError("must have a name for each value")
    try:
        return {name: text_of(item) for name, item in value.items() if item is not None}
    except ValueError:
        raise ValueError("must hold text, numbers and booleans only, no objects and no lists") from None


_Values = Annotated[dict[str, str], BeforeValidator(_texts), WithJsonSchema({"type": "object"})]


class SendTriggeredCampaignPayload(Payload):
    """The campaign, whom it goes to and what it says."""

    campaign_id: Id = Field(alias="campaignId", title="Campaign", description="The triggered campaign to send.")
    to_addresses: Annotated[EmailAddresses, EMAIL] = Field(
        alias="toAddresses",
        title="To Address",
        description="The recipients, separated by commas, at most 100. Display names are left out.",
    )
    empty_identifier: Annotated[EmptyIdentifier, SkipsWithout.of("toAddresses")] = "reject"
    cc_addresses: EmailAddresses = Field(
        (), alias="ccAddresses", title="CC Addresses", description="Separated by commas, at most 100."
    )
    bcc_addresses: EmailAddresses = Field(
        (), alias="bccAddresses", title="BCC Addresses", description="Separated by commas, at most 100."
    )
    from_address: NamedEmailAddress | None = Field(
        None,
        alias="fromAddress",
        title="From Address",
        description="A from address of the account. Without it, the campaign's own.",
    )
    personalization_values: _Values = Field(
        {},
        alias="personalizationValues",
        title="Personalisation Values",
        description="Text, numbers and booleans by the names that the campaign uses. A null value is left out.",
    )

    @property
    def person(self) -> str:
        """Those to whom it goes, in one spelling and order."""
        return ",".join(sorted(map(one_spelling, self.to_addresses)))


def perform(payload: SendTriggeredCampaignPayload, dotdigital: Dotdigital) -> Ids:
    """Send the e-mail and tell to how many. Dotdigital gives no id."""
    email = TriggeredCampaign(
        campaign_id=payload.campaign_id,
        to=payload.to_addresses,
        cc=payload.cc_addresses,
        bcc=payload.bcc_addresses,
        sender=payload.from_address,
        values=payload.personalization_values,
    )
    dotdigital.triggered_campaigns.send(email)
    return Ids(recipients=len(email.to) + len(email.cc) + len(email.bcc))


ACTION = Action(
    name="send_triggered_campaign",
    title="Send Triggered Campaign",
    description="Sends a triggered campaign, with personalisation values.",
    trigger='type = "track" and event = "Send Triggered Campaign"',
    payload=SendTriggeredCampaignPayload,
    perform=perform,
    is_send=True,
)

handler = handler_of(lambda: ActionFunction(ACTION))

"""Send Email Campaign: send a campaign to one contact who may be mailed.

https://developer.dotdigital.com/reference/send-campaign
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.conditions import DefaultMapping
from delivery.fields.contact import EMAIL
from delivery.fields.email_addresses import EmailAddress
from delivery.fields.moments import FutureMoment
from delivery.fields.payload import Payload
from delivery.fields.scalars import Flag, Id
from dotdigital import Contact, Dotdigital, Identifier, RejectedError, one_spelling

_MAILABLE: Final = ("subscribed", "softbounced")
_NOT_MAILABLE: Final = ("suppressed", "deleted", "binned")


class SendEmailCampaignPayload(Payload):
    """The contact, the campaign and when to send it."""

    email: Annotated[EmailAddress, EMAIL] = Field(
        title="Email", description="The address of one contact. Where Dotdigital does not know it, nothing is sent."
    )
    campaign_id: Id = Field(alias="campaignId", title="Campaign", description="The campaign to send.")
    send_date: FutureMoment = Field(
        None,
        alias="sendDate",
        title="Send Date",
        description="When to send, after the moment of the event. A date that passes while the event waits sends at "
        "once, as blank does.",
    )
    send_time_optimised: Annotated[Flag, DefaultMapping(False)] = Field(
        False,
        alias="sendTimeOptimised",
        title="Send Time Optimised",
        description="Whether to send when the contact usually opens. Not together with a send date.",
    )

    @property
    def person(self) -> str:
        """The address, in one spelling."""
        return one_spelling(self.email)

    def conflicts(self) -> Mapping[str, str]:
        """A campaign is sent at a date or at the best time, not both."""
        both = "send_date" in self.model_fields_set and self.send_time_optimised
        return {"sendDate": "must be left out where sendTimeOptimised is true: give one of the two"} if both else {}


def perform(payload: SendEmailCampaignPayload, dotdigital: Dotdigital) -> dict[str, Any]:
    """Look the contact up, make sure that it may be mailed, and send."""
    contact = dotdigital.contacts.get(Identifier("email", payload.email))
    _check_mailable(contact)
    if payload.send_time_optimised:
        send = dotdigital.campaigns.send_time_optimised(payload.campaign_id, contact.id)
    else:
        send = dotdigital.campaigns.send(payload.campaign_id, contact.id, payload.send_date)
    return {"contactId": contact.id, "sendId": send}


def _check_mailable(contact: Contact) -> None:
    status = contact.email_status or contact.status
    if status.lower() not in _MAILABLE:
        raise RejectedError(f"the contact may not be mailed: its e-mail status is {status or 'unknown'}")
    if contact.status.lower() in _NOT_MAILABLE:
        raise RejectedError(f"the contact may not be mailed: its status is {contact.status}")


ACTION = Action(
    name="send_email_campaign",
    title="Send Email Campaign",
    description="Sends a marketing e-mail to a contact.",
    trigger='type = "track" and event = "Send Email Campaign"',
    payload=SendEmailCampaignPayload,
    perform=perform,
    is_send=True,
)

handler = handler_of(lambda: ActionFunction(ACTION))

"""Send Email Campaign: send a campaign to one contact who may be mailed.

https://developer.dotdigital.com/reference/send-campaign
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import EMAIL, EmptyIdentifier
from delivery.fields.email_addresses import EmailAddress
from delivery.fields.payload import DefaultMapping, Payload, SkipsWithout, reading_of
from delivery.fields.scalars import Flag, Id
from delivery.fields.timestamps import timestamp_of
from delivery.outcome import Ids
from dotdigital import Contact, Dotdigital, Identifier, RejectedError, one_spelling

_MAILABLE: Final = ("subscribed", "softbounced")
_NOT_MAILABLE: Final = ("suppressed", "deleted", "binned")
_LONGEST_WAIT: Final = timedelta(days=14)
"""SQS keeps no message for longer, so no date has passed in our own queue before that."""


def _send_date(value: Any, info: ValidationInfo) -> datetime | None:
    timestamp, reading = timestamp_of(value), reading_of(info)
    if timestamp <= max(reading.happened, reading.now - _LONGEST_WAIT):
        raise ValueError("must be in the future; leave it out to send at once")
    return timestamp if timestamp > reading.now else None


_SendDate = Annotated[
    datetime | None, BeforeValidator(_send_date), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A timestamp that lay in the future when the event happened, None where it has passed since."""


class SendEmailCampaignPayload(Payload):
    """The contact, the campaign and when to send it."""

    email: Annotated[EmailAddress, EMAIL] = Field(
        title="Email", description="The address of one contact. If Dotdigital does not know it, nothing is sent."
    )
    empty_identifier: Annotated[EmptyIdentifier, SkipsWithout.of("email")] = "reject"
    campaign_id: Id = Field(alias="campaignId", title="Campaign", description="The campaign to send.")
    send_date: _SendDate = Field(
        None,
        alias="sendDate",
        title="Send Date",
        description="When to send: a date after the event's timestamp. If it is blank, or passes while the event "
        "waits, the campaign is sent at once.",
    )
    send_time_optimised: Annotated[Flag, DefaultMapping(False)] = Field(
        False,
        alias="sendTimeOptimised",
        title="Send Time Optimised",
        description="Whether to send when the contact usually opens e-mails. It excludes a send date.",
    )

    @property
    def person(self) -> str:
        """The address, in one spelling."""
        return one_spelling(self.email)

    def conflicts(self) -> Mapping[str, str]:
        """Reject a send date together with the best time."""
        both = "send_date" in self.model_fields_set and self.send_time_optimised
        return {"sendDate": "must be left out where sendTimeOptimised is true: give one of the two"} if both else {}


def perform(payload: SendEmailCampaignPayload, dotdigital: Dotdigital) -> Ids:
    """Look the contact up, make sure that it may be mailed, and send."""
    contact = dotdigital.contacts.get(Identifier("email", payload.email))
    _check_mailable(contact)
    if payload.send_time_optimised:
        send = dotdigital.campaigns.send_time_optimised(payload.campaign_id, contact.id)
    else:
        send = dotdigital.campaigns.send(payload.campaign_id, contact.id, payload.send_date)
    return Ids(contact_id=contact.id, send_id=send)


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

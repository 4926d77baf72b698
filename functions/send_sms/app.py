"""Send SMS: text one number a marketing SMS.

https://developer.dotdigital.com/reference/send-single-sms
"""

from typing import Annotated

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import PHONE, EmptyIdentifier
from delivery.fields.payload import Payload, SkipsWithout
from delivery.fields.phone_numbers import MobileNumber, NumberCountry
from delivery.fields.scalars import Text
from delivery.fields.sms_text import at_most, sms_parts
from delivery.outcome import Ids
from dotdigital import Dotdigital


class SendSmsPayload(Payload):
    """The number and the text. This operation of Dotdigital's has no switch for Unicode and takes it as it comes."""

    to: Annotated[MobileNumber, PHONE] = Field(
        title="To", description="The mobile number of the contact in E.164 format, such as +14155552671."
    )
    number_country: NumberCountry = None
    empty_identifier: Annotated[EmptyIdentifier, SkipsWithout.of("to")] = "reject"
    message: Annotated[Text, at_most(1600)] = Field(
        title="Message", description="The message to send, at most 1,600 characters."
    )

    @property
    def person(self) -> str:
        """The number."""
        return self.to


def perform(payload: SendSmsPayload, dotdigital: Dotdigital) -> Ids:
    """Send the message and tell in how many parts it travels."""
    dotdigital.sms.send(payload.to, payload.message)
    return Ids(sms_parts=sms_parts(payload.message))


ACTION = Action(
    name="send_sms",
    title="Send SMS",
    description="Sends a marketing SMS to a contact.",
    trigger='type = "track" and event = "Send SMS"',
    payload=SendSmsPayload,
    perform=perform,
    is_send=True,
)

handler = handler_of(lambda: ActionFunction(ACTION))

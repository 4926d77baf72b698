"""Send Transactional SMS: text one number through the CPaaS API, which knows no suppression list.

https://developer.dotdigital.com/reference/channel-sms
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from actions import Action
from actions.fields.conditions import DefaultMapping
from actions.fields.contact import PHONE
from actions.fields.payload import Payload
from actions.fields.phone_numbers import MobileNumber
from actions.fields.scalars import Flag, Text
from actions.fields.sms_text import sms_parts, unicode_characters
from dotdigital import Dotdigital

_SHORTEST_SENDER: Final = 3
_LONGEST_MESSAGE: Final = 2000


def _long_enough(sender: str) -> str:
    if len(sender.strip()) < _SHORTEST_SENDER:
        raise ValueError(f"must have {_SHORTEST_SENDER} characters or more; leave it out for a random number")
    return sender


def _short_enough(message: str) -> str:
    if len(message) > _LONGEST_MESSAGE:
        raise ValueError(f"must have {_LONGEST_MESSAGE} characters or fewer, and has {len(message)}")
    return message


class SendTransactionalSmsPayload(Payload):
    """The number, the text and how to send it."""

    to: Annotated[MobileNumber, PHONE] = Field(
        title="To", description="The mobile number with its country code: +447777123123 or 447777123123."
    )
    sender: Annotated[Text, AfterValidator(_long_enough)] | None = Field(
        None,
        alias="from",
        title="From",
        description="A custom sender, or blank for a random number. Its form varies by region.",
    )
    message: Annotated[Text, AfterValidator(_short_enough)] = Field(
        title="Message", description="The content of the SMS, at most 2,000 characters; 160 GSM characters fit one SMS."
    )
    link_shortening: Annotated[Flag, DefaultMapping(False)] = Field(
        False, title="Link Shortening", description="Whether links are shortened and their clicks tracked."
    )
    allow_unicode: Annotated[Flag, DefaultMapping(False)] = Field(
        False,
        title="Allow Unicode Characters",
        description="If false, a message with characters outside the GSM alphabet is rejected and not sent.",
    )

    @property
    def person(self) -> str:
        """The number."""
        return self.to

    def conflicts(self) -> Mapping[str, str]:
        """Text outside the GSM alphabet needs `allow_unicode`."""
        count = 0 if self.allow_unicode else unicode_characters(self.message)
        characters = "1 character" if count == 1 else f"{count} characters"
        reason = f"has {characters} outside the GSM alphabet; set allow_unicode to send them, in shorter parts"
        return {"message": reason} if count else {}


def perform(payload: SendTransactionalSmsPayload, dotdigital: Dotdigital) -> dict[str, Any]:
    """Send the message and tell in how many parts it travels."""
    message_id = dotdigital.transactional_sms.send(
        payload.to,
        payload.message,
        sender=payload.sender,
        allow_unicode=payload.allow_unicode,
        shorten_links=payload.link_shortening,
    )
    return {"messageId": message_id, "smsParts": sms_parts(payload.message)}


ACTION = Action(
    name="send_transactional_sms",
    title="Send Transactional SMS",
    description="Sends a transactional SMS.",
    trigger='type = "track" and event = "Send Transactional SMS"',
    payload=SendTransactionalSmsPayload,
    perform=perform,
    is_send=True,
)

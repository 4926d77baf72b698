"""Send Transactional SMS: text one number through the CPaaS API, which knows no suppression list.

https://developer.dotdigital.com/reference/channel-sms
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import PHONE, EmptyIdentifier
from delivery.fields.payload import DefaultMapping, Payload, SkipsWithout
from delivery.fields.phone_numbers import MobileNumber, NumberCountry
from delivery.fields.scalars import Flag, Text
from delivery.fields.sms_text import at_most, gsm_text, outside_gsm, sms_parts
from delivery.outcome import Ids
from dotdigital import Dotdigital

_SHORTEST_SENDER: Final = 3
_LONGEST_MESSAGE: Final = 2000
_MOST_NAMED: Final = 3


def _long_enough(sender: str) -> str:
    if len(sender.strip()) < _SHORTEST_SENDER:
        raise ValueError(f"must have {_SHORTEST_SENDER} characters or more; leave it out for a random number")
    return sender


class SendTransactionalSmsPayload(Payload):
    """The number, the text and how to send it."""

    to: Annotated[MobileNumber, PHONE] = Field(
        title="To", description="The mobile number in E.164 format, such as +447777123123."
    )
    number_country: NumberCountry = None
    empty_identifier: Annotated[EmptyIdentifier, SkipsWithout.of("to")] = "reject"
    sender: Annotated[Text, AfterValidator(_long_enough)] | None = Field(
        None,
        alias="from",
        title="From",
        description="A custom sender. Without it, the SMS comes from a random number. The allowed form varies by "
        "region.",
    )
    message: Annotated[Text, at_most(_LONGEST_MESSAGE)] = Field(
        title="Message",
        description="The content of the SMS, at most 2,000 characters. 160 characters of the GSM alphabet fit one SMS.",
    )
    link_shortening: Annotated[Flag, DefaultMapping(False)] = Field(
        False, title="Link Shortening", description="Whether to shorten links and track their clicks."
    )
    allow_unicode: Annotated[Flag, DefaultMapping(False)] = Field(
        False,
        title="Allow Unicode Characters",
        description="Whether to send characters outside the GSM alphabet. If false, exact look-alikes replace "
        "typographic quotes, dashes and spaces, and a message with any other such character is rejected.",
    )

    @property
    def person(self) -> str:
        """The number."""
        return self.to

    @property
    def text(self) -> str:
        """The message as it is sent."""
        return self.message if self.allow_unicode else gsm_text(self.message)

    def conflicts(self) -> Mapping[str, str]:
        """Reject text outside the GSM alphabet without `allow_unicode`, and text that its look-alikes make too long."""
        outside = [] if self.allow_unicode else outside_gsm(self.message)
        if outside:
            return {"message": _reason(outside)}
        if len(self.text) > _LONGEST_MESSAGE:
            return {"message": f"must have {_LONGEST_MESSAGE} characters or fewer, and has {len(self.text)} in GSM"}
        return {}


def _reason(outside: Sequence[tuple[str, int]]) -> str:
    # Code points, and few of them: the characters are the event's, and a reason goes into logs.
    named = ", ".join(f"U+{ord(character):04X} at {place}" for character, place in outside[:_MOST_NAMED])
    count, more = len(outside), f" and {len(outside) - _MOST_NAMED} more" if len(outside) > _MOST_NAMED else ""
    characters = "1 character" if count == 1 else f"{count} characters"
    return (
        f"has {characters} outside the GSM alphabet ({named}{more}); set allow_unicode to send them, in shorter parts"
    )


def perform(payload: SendTransactionalSmsPayload, dotdigital: Dotdigital) -> Ids:
    """Send the message and tell in how many parts it travels."""
    message_id = dotdigital.transactional_sms.send(
        payload.to,
        payload.text,
        sender=payload.sender,
        allow_unicode=payload.allow_unicode,
        shorten_links=payload.link_shortening,
    )
    return Ids(message_id=message_id, sms_parts=sms_parts(payload.text))


ACTION = Action(
    name="send_transactional_sms",
    title="Send Transactional SMS",
    description="Sends a transactional SMS.",
    trigger='type = "track" and event = "Send Transactional SMS"',
    payload=SendTransactionalSmsPayload,
    perform=perform,
    is_send=True,
)

handler = handler_of(lambda: ActionFunction(ACTION))

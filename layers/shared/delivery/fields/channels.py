"""The field that names the channels of a contact, shared by the actions on subscriptions."""

from typing import Annotated, Literal

from pydantic import Field

from delivery.fields.contact import ContactPayload
from delivery.fields.scalars import Choice
from dotdigital import Contact

Channel = Literal["email", "sms"]


class ChannelsPayload(ContactPayload):
    """A payload about a contact's subscription to e-mail, to SMS or to both."""

    channel: Annotated[Literal["email", "sms", "both"] | None, Choice] = Field(
        None,
        title="Channel",
        description="The channel: email, sms or both. Unmapped it is the one that the contact is identified by.",
    )

    @property
    def identifying_channel(self) -> Channel:
        """The channel that finds the contact, which it therefore has."""
        return "email" if self.channel_identifier == "email" else "sms"

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are meant."""
        return ("email", "sms") if self.channel == "both" else (self.channel or self.identifying_channel,)


def status_of(contact: Contact, channel: Channel) -> str:
    """Give the contact's status on a channel in lower case, "" where Dotdigital gave none."""
    return (contact.email_status if channel == "email" else contact.sms_status).lower()


def statuses_of(contact: Contact, channels: tuple[Channel, ...]) -> dict[str, str]:
    """Give the contact's statuses as Dotdigital spells them: emailStatus, smsStatus."""
    told = {"email": contact.email_status, "sms": contact.sms_status}
    return {f"{channel}Status": told[channel] for channel in channels}

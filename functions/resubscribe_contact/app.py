"""Resubscribe Contact: subscribe a contact again that has left, and nobody else.

It creates no contact, and restores none from the recycle bin. A contact that never was subscribed, was suppressed, has
complained, bounces or is blocked is rejected. Unless the mapping says otherwise, Dotdigital asks the contact by e-mail
first. It cannot ask by SMS, so for SMS the mapping must say that the contact is not asked.

https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.contacts import existing, ids_of, status_of
from delivery.fields.contact import Channel, ChannelsPayload, PreferredLocale, RedirectUrl
from delivery.fields.payload import DefaultMapping, DependsOn
from delivery.fields.scalars import Flag
from delivery.outcome import Ids, Skipped
from dotdigital import Contact, ContactDetails, Dotdigital, RejectedError

_SUBSCRIBED: Final = ("subscribed", "softbounced")
_ASKED: Final = "pendingoptin"
_LEFT: Final = "unsubscribed"
_WITH_CHALLENGE: Final = {"challenge": True}


class ResubscribeContactPayload(ChannelsPayload):
    """The contact, the channels that it comes back to, and how it is asked."""

    challenge: Annotated[Flag, DefaultMapping(True)] = Field(
        True,
        title="Ask by E-mail",
        description="Whether Dotdigital asks the contact by e-mail to confirm. Set it to false only if the contact "
        "has agreed already. It must be false for SMS, because Dotdigital cannot ask by SMS.",
    )
    preferred_locale: Annotated[PreferredLocale, DependsOn(_WITH_CHALLENGE)] = None
    redirect_url_after_challenge: Annotated[RedirectUrl, DependsOn(_WITH_CHALLENGE)] = None

    def conflicts(self) -> Mapping[str, str]:
        """Reject SMS where the contact is to be asked: Dotdigital cannot ask by SMS."""
        reason = "must be false where SMS is among the channels: Dotdigital cannot ask by SMS"
        return {"challenge": reason} if self.challenge and "sms" in self.channels else {}

    def channel_properties(self, channel: Channel) -> dict[str, Any]:
        """Give what v3 calls the properties of a channel that the contact comes back to."""
        if channel == "sms":
            return {"status": "subscribed"}
        options = {
            "resubscribeWithNoChallenge": not self.challenge,
            "preferredLocale": self.preferred_locale,
            "redirectUrlAfterChallenge": self.redirect_url_after_challenge,
        }
        return {
            "status": "subscribed",
            "resubscribeOptions": {name: value for name, value in options.items() if value is not None},
        }


def perform(payload: ResubscribeContactPayload, dotdigital: Dotdigital) -> Ids | Skipped:
    """Look the contact up and resubscribe it to those of the channels that it has left.

    Who was asked and has not replied is not asked again, so repeating it sends no second e-mail once Dotdigital shows
    that. Raises RejectedError where a status forbids one of the channels; then none is changed.
    """
    contact = existing(payload.identifier, dotdigital)
    if contact is None:
        return Skipped("Dotdigital has no such contact")
    left = tuple(channel for channel in payload.channels if _has_left(contact, channel, payload))
    if not left:
        return Skipped("the contact is subscribed, or has been asked already")
    details: ContactDetails = {"channelProperties": {channel: payload.channel_properties(channel) for channel in left}}
    updated = dotdigital.contacts.upsert(payload.identifier, details) or dotdigital.contacts.get(payload.identifier)
    return ids_of(updated, left)


def _has_left(contact: Contact, channel: Channel, payload: ResubscribeContactPayload) -> bool:
    told = status_of(contact, channel)
    status = told.lower()
    if status in _SUBSCRIBED or (status == _ASKED and payload.challenge):
        return False
    if status not in (_LEFT, _ASKED):
        raise RejectedError(f"the contact may not be resubscribed: its {channel} status is {told or 'unknown'}")
    return True


ACTION = Action(
    name="resubscribe_contact",
    title="Resubscribe Contact",
    description="Resubscribes a contact who has unsubscribed from e-mail or SMS.",
    trigger='type = "track" and event = "Resubscribe Contact"',
    payload=ResubscribeContactPayload,
    perform=perform,
)

handler = handler_of(lambda: ActionFunction(ACTION))

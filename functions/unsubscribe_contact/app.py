"""Unsubscribe Contact: unsubscribe a contact that is there from e-mail, from SMS or from both.

It creates no contact: one that Dotdigital does not have, or has in the recycle bin, is skipped. It weakens no refusal:
a contact that is suppressed, has complained or is blocked stays so.

https://developer.dotdigital.com/reference/importcontact
"""

from typing import Final

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.contacts import existing, ids_of, status_of
from delivery.fields.contact import ChannelsPayload
from delivery.outcome import Ids, Skipped
from dotdigital import ContactDetails, Dotdigital, RejectedError

_OUT: Final = frozenset(
    {
        "unsubscribed",
        "suppressed",
        "ispcomplained",
        "directcomplaint",
        "spamtrap",
        "blockedlocalpart",
        "sharedsuppression",
        "shareddomainsuppression",
        "domainsuppressed",
        "purchased",
        "knowncomplainer",
        "knownlitigator",
        "deleted",
        "binned",
    }
)


class UnsubscribeContactPayload(ChannelsPayload):
    """The contact and the channels that it leaves."""


def perform(payload: UnsubscribeContactPayload, dotdigital: Dotdigital) -> Ids | Skipped:
    """Look the contact up and unsubscribe it from those of the channels that it has and has not left.

    Raises RejectedError where Dotdigital takes the update and still calls a channel subscribed.
    """
    contact = existing(payload.identifier, dotdigital)
    if contact is None:
        return Skipped("Dotdigital has no such contact")
    statuses = {channel: status_of(contact, channel).lower() for channel in payload.channels}
    # Without a status the contact lacks the channel, but never the one that found it.
    has = {channel for channel, status in statuses.items() if status} | {payload.identifying_channel}
    left = tuple(channel for channel, status in statuses.items() if channel in has and status not in _OUT)
    if not left:
        return Skipped("the contact has left already, or lacks the channel")
    details: ContactDetails = {"channelProperties": {channel: {"status": "unsubscribed"} for channel in left}}
    updated = dotdigital.contacts.upsert(payload.identifier, details) or dotdigital.contacts.get(payload.identifier)
    if any(status_of(updated, channel).lower() == "subscribed" for channel in left):
        raise RejectedError("Dotdigital took the update, and the contact is still subscribed; look at it in Dotdigital")
    return ids_of(updated, left)


ACTION = Action(
    name="unsubscribe_contact",
    title="Unsubscribe Contact",
    description="Unsubscribes a contact from e-mail, from SMS or from both.",
    trigger='type = "track" and event = "Unsubscribe Contact"',
    payload=UnsubscribeContactPayload,
    perform=perform,
)

handler = handler_of(lambda: ActionFunction(ACTION))

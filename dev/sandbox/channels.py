"""Writing the channels of a contact, and noting every change of a status in the journal."""

from __future__ import annotations

from typing import Final

from dev.sandbox.call import Call
from dev.sandbox.channel_status import PENDING, email_status
from dev.sandbox.contact import Contact
from dev.sandbox.contact_request import ChannelProperties, EmailRequest

_PASCAL: Final = {"plainText": "PlainText", "verifiedDouble": "VerifiedDouble"}


def set_channels(call: Call, contact: Contact, channels: ChannelProperties, *, old: bool) -> None:
    """Write what the call asks for; `old` tells that the contact had its address before.

    A channel whose identifier the contact lacks is left alone.
    """
    if "email" in contact.identifiers:
        _set_email(call, contact, channels.email, contact.email.status if old else None)
    if "mobileNumber" in contact.identifiers:
        sms = channels.sms.status or contact.sms_status
        _changed(call, contact, "sms", contact.sms_status, sms)
        contact.sms_status = sms
        whats_app = channels.whats_app.status or contact.whats_app_status
        _changed(call, contact, "whatsApp", contact.whats_app_status, whats_app)
        contact.whats_app_status = whats_app


def _set_email(call: Call, contact: Contact, request: EmailRequest, old: str | None) -> None:
    if request.email_type:
        contact.email.email_type = _pascal(request.email_type)
    if request.opt_in_type:
        contact.email.opt_in_type = _pascal(request.opt_in_type)
    contact.email.status = email_status(old, request)
    _changed(call, contact, "email", old, contact.email.status)
    if contact.email.status == PENDING != old:
        call.effect("challenge_sent", contactId=contact.contact_id)


def _changed(call: Call, contact: Contact, channel: str, old: str | None, new: str) -> None:
    if new != old:
        call.effect("status_changed", contactId=contact.contact_id, channel=channel, old=old, new=new)


def _pascal(name: str) -> str:
    return _PASCAL.get(name, name.capitalize())

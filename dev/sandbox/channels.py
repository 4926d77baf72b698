"""The channels of a contact: what a PATCH may ask of them, and what becomes of their status.

https://developer.dotdigital.com/reference/unified-contacts: a contact who left is updated, and
the status of the channel stays unless the request says otherwise.
"""

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from dev.sandbox.api import Request, V3Body
from dev.sandbox.contact_book import Contact

Locale = Literal[
    "cs-CS", "da-DA", "de-DE", "el-EL", "en-EN", "es-ES", "es", "fi-FI", "fr-FR", "hu-HU",
    "it-IT", "nl-NL", "nb-NO", "pl-PL", "pt-PT", "ru-RU", "se-SE", "sk-SK", "tr-TR", "zh-CN",
]  # fmt: skip
"""The locales that a challenge is written in; they are Dotdigital's own, not all of them are real."""
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!#-;=?-\[\]_a-z~]+$")]
"""A URL in the characters of a URI, all of them ASCII: https://www.rfc-editor.org/rfc/rfc3986"""
_PENDING: Final = "pendingOptIn"
_CHANGEABLE: Final = {"subscribed", "unsubscribed", "suppressed", _PENDING, "noSubscription"}
_PASCAL: Final = {"plainText": "PlainText", "verifiedDouble": "VerifiedDouble"}


class ResubscribeOptions(V3Body):
    """How somebody who left is subscribed again."""

    resubscribe_with_no_challenge: bool = True
    preferred_locale: Locale | None = None
    redirect_url_after_challenge: Url | None = None


class EmailRequest(V3Body):
    """What to write to the e-mail channel."""

    email_type: Literal["html", "plainText"] | None = None
    opt_in_type: Literal["unknown", "single", "double", "verifiedDouble"] | None = None
    status: Literal["subscribed", "unsubscribed", "suppressed"] | None = None
    resubscribe_options: ResubscribeOptions | None = None


class StatusRequest(V3Body):
    """What to write to the SMS or WhatsApp channel."""

    status: Literal["noSubscription", "subscribed", "unsubscribed", "suppressed"] | None = None


class ChannelProperties(V3Body):
    """What to write to each channel."""

    email: EmailRequest = EmailRequest()
    sms: StatusRequest = StatusRequest()
    whats_app: StatusRequest = StatusRequest()


def set_channels(request: Request, contact: Contact, channels: ChannelProperties, *, had_address: bool) -> None:
    """Write what the request asks for; `had_address` tells that the contact had its address before.

    A channel whose identifier the contact lacks is left alone.
    """
    if "email" in contact.identifiers:
        _set_email(request, contact, channels.email, contact.email.status if had_address else None)
    if "mobileNumber" in contact.identifiers:
        sms = channels.sms.status or contact.sms_status
        _note_change(request, contact, "sms", contact.sms_status, sms)
        contact.sms_status = sms
        whats_app = channels.whats_app.status or contact.whats_app_status
        _note_change(request, contact, "whatsApp", contact.whats_app_status, whats_app)
        contact.whats_app_status = whats_app


def _set_email(request: Request, contact: Contact, given: EmailRequest, old: str | None) -> None:
    if given.email_type:
        contact.email.email_type = _pascal(given.email_type)
    if given.opt_in_type:
        contact.email.opt_in_type = _pascal(given.opt_in_type)
    contact.email.status = _email_status(old, given)
    _note_change(request, contact, "email", old, contact.email.status)
    if contact.email.status == _PENDING != old:
        request.effect("challenge_sent", contactId=contact.contact_id)


def _email_status(current: str | None, given: EmailRequest) -> str:
    """Return the next status of the e-mail channel; `current` is None for a channel that is new.

    A new channel is subscribed unless the request says otherwise. A status that Dotdigital set
    itself (hardBounced, ispComplained, ...) never changes, and suppressed only gives way to
    subscribed.
    """
    if current is None:
        pending = given.opt_in_type == "verifiedDouble" and given.status in (None, "subscribed")
        return _PENDING if pending else given.status or "subscribed"
    if given.status is None or current not in _CHANGEABLE:
        return current
    if given.status == "subscribed":
        return _subscribed(current, given)
    return current if current == "suppressed" else given.status


def _subscribed(current: str, given: EmailRequest) -> str:
    """Subscribe a contact that is there.

    Somebody suppressed or pending stays so unless the request has resubscribe options; somebody
    unsubscribed is subscribed even without, since resubscribeWithNoChallenge is true when it is
    left out. With a challenge, or with verifiedDouble, the status waits as pendingOptIn.
    """
    options = given.resubscribe_options
    if current == "subscribed" or (options is None and current in ("suppressed", _PENDING)):
        return current
    challenged = options is not None and not options.resubscribe_with_no_challenge
    return _PENDING if challenged or given.opt_in_type == "verifiedDouble" else "subscribed"


def _note_change(request: Request, contact: Contact, channel: str, old: str | None, new: str) -> None:
    if new != old:
        request.effect("status_changed", contactId=contact.contact_id, channel=channel, old=old, new=new)


def _pascal(name: str) -> str:
    return _PASCAL.get(name, name.capitalize())

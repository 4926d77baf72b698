"""What becomes of the status of the e-mail channel when a PATCH asks for another.

https://developer.dotdigital.com/reference/unified-contacts: a contact who left is updated, and
the status of the channel stays unless the call says otherwise.
"""

from __future__ import annotations

from typing import Final

from dev.sandbox.contact_request import EmailRequest

PENDING: Final = "pendingOptIn"
_CHANGEABLE: Final = {"subscribed", "unsubscribed", "suppressed", PENDING, "noSubscription"}


def email_status(current: str | None, request: EmailRequest) -> str:
    """The next status of the e-mail channel; `current` is None for a channel that is new.

    A new channel is subscribed unless the call says otherwise. A status that Dotdigital set
    itself (hardBounced, ispComplained, ...) never changes, and suppressed only gives way to
    subscribed.
    """
    if current is None:
        pending = request.opt_in_type == "verifiedDouble" and request.status in (None, "subscribed")
        return PENDING if pending else request.status or "subscribed"
    if request.status is None or current not in _CHANGEABLE:
        return current
    if request.status == "subscribed":
        return _subscribed(current, request)
    return current if current == "suppressed" else request.status


def _subscribed(current: str, request: EmailRequest) -> str:
    """Subscribe a contact that is there.

    Somebody suppressed or pending stays so unless the call has resubscribe options; somebody
    unsubscribed is subscribed even without, since resubscribeWithNoChallenge is true when it is
    left out. With a challenge, or with verifiedDouble, the status waits as pendingOptIn.
    """
    options = request.resubscribe_options
    if current == "subscribed" or (options is None and current in ("suppressed", PENDING)):
        return current
    challenged = options is not None and not options.resubscribe_with_no_challenge
    return PENDING if challenged or request.opt_in_type == "verifiedDouble" else "subscribed"

"""Triggered campaigns: one e-mail out of a campaign of the account, with values of its own, through the v2 API.

https://developer.dotdigital.com/reference/send-transactional-email-using-a-triggered-campaign
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dotdigital.calls import Call
from dotdigital.errors import RejectedError
from dotdigital.ids import positive
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_MOST_ADDRESSES: Final = 100
_SWITCH_ON: Final = "Transactional e-mail must be switched on for the account: ask Dotdigital to"


@dataclass(frozen=True)
class TriggeredCampaign:
    """One e-mail out of a triggered campaign. Without a sender it is the campaign's own."""

    campaign_id: int
    to: Sequence[str]
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    sender: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


class TriggeredCampaigns:
    """The triggered campaigns of an account."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def send(self, email: TriggeredCampaign) -> None:
        """Send the e-mail. Dotdigital gives no message id back. Raises RejectedError for an e-mail to nobody."""
        if not email.to:
            raise RejectedError("an e-mail must have somebody to go to")
        if max(len(email.to), len(email.cc), len(email.bcc)) > _MOST_ADDRESSES:
            raise RejectedError(f"an e-mail goes to {_MOST_ADDRESSES} addresses of a kind at most")
        body = {"campaignId": positive(email.campaign_id, "campaign"), "toAddresses": list(email.to), **_options(email)}
        to = path("v2", "email", "triggered-campaign")
        self._transport.make(Call("POST", to, body=body, send=True, feature=_SWITCH_ON))


def _options(email: TriggeredCampaign) -> dict[str, Any]:
    options: dict[str, Any] = {
        "ccAddresses": list(email.cc),
        "bccAddresses": list(email.bcc),
        "fromAddress": email.sender,
        "personalizationValues": [{"name": name, "value": value} for name, value in email.values.items()],
    }
    return {name: value for name, value in options.items() if value}

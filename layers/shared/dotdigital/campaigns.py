"""E-mail campaigns, through the v2 API, to one named contact a call.

A call that names no contact and no list is sent to ALL contacts of the account, so the contact is a parameter of its
own here and never a list that could be empty. https://developer.dotdigital.com/reference/send-campaign
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dotdigital.calls import Call
from dotdigital.ids import answered, positive
from dotdigital.paths import path
from dotdigital.rows import all_rows, text_in

if TYPE_CHECKING:
    from dotdigital.transport import Transport

_TRIGGERED: Final = "Triggered"


@dataclass(frozen=True)
class Campaign:
    """An e-mail campaign: Unsent, Sent, Paused and so on. One that is `triggered` is for `TriggeredCampaigns`."""

    id: int
    name: str
    subject: str
    status: str
    triggered: bool


class Campaigns:
    """The campaigns of an account."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def all(self) -> tuple[Campaign, ...]:
        """Give every campaign. https://developer.dotdigital.com/reference/get-all-campaigns-with-filters."""
        return tuple(_campaign(row) for row in all_rows(self._transport, "v2", "campaigns", "filtered"))

    def send(self, campaign_id: int, contact_id: int, send_date: datetime | None = None) -> str:
        """Send a campaign to one contact, now or at `send_date`, and give the id of the send."""
        when = {} if send_date is None else {"sendDate": _utc(send_date)}
        return self._send("send", campaign_id, contact_id, when)

    def send_time_optimised(self, campaign_id: int, contact_id: int) -> str:
        """Send a campaign when the contact usually opens, and give the id of the send.

        https://developer.dotdigital.com/reference/send-campaign-using-send-time-optimization
        """
        return self._send("send-time-optimised", campaign_id, contact_id, {})

    def _send(self, how: str, campaign_id: int, contact_id: int, when: dict[str, str]) -> str:
        body = {
            "campaignID": positive(campaign_id, "campaign"),
            "contactIDs": [positive(contact_id, "contact")],
            **when,
        }
        answer = self._transport.call(Call("POST", path("v2", "campaigns", how), body=body, send=True))
        return str(answered(answer, "id", str, send=True))


def _campaign(row: Mapping[str, Any]) -> Campaign:
    status = text_in(row, "status")
    # Both are documented: a triggered campaign's status may also be that of what it has sent.
    triggered = _TRIGGERED in (text_in(row, "type"), status)
    return Campaign(row["id"], text_in(row, "name"), text_in(row, "subject"), status, triggered)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

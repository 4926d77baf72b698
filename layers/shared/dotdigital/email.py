"""E-mail, through the v2 API: campaigns, triggered campaigns, and transactional e-mail with its content in the request.

A request that names no contact and no list sends a campaign to ALL contacts of the account, so the contact is a
parameter of its own here and never a list that could be empty.

https://developer.dotdigital.com/reference/send-campaign
https://developer.dotdigital.com/reference/send-transactional-email
https://developer.dotdigital.com/reference/send-transactional-email-using-a-triggered-campaign
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from dotdigital.errors import RejectedError
from dotdigital.http_messages import JsonObject, Request, path, positive
from dotdigital.transport import Resource

_TRIGGERED: Final = "Triggered"
_MOST_ADDRESSES: Final = 100
_SWITCH_ON: Final = "Transactional e-mail must be switched on for the account: ask Dotdigital to"


@dataclass(frozen=True)
class Campaign:
    """An e-mail campaign: Unsent, Sent, Paused and so on. One that is `triggered` is for `TriggeredCampaigns`."""

    id: int
    name: str
    subject: str
    status: str
    triggered: bool


@dataclass(frozen=True)
class TriggeredCampaign:
    """One e-mail made from a triggered campaign. Without a `sender` it has the campaign's own."""

    campaign_id: int
    to: Sequence[str]
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    sender: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Email:
    """One transactional e-mail. The addresses may have display names."""

    sender: str
    to: Sequence[str]
    subject: str
    html: str
    plain_text: str | None = None
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()


class Campaigns(Resource):
    """The campaigns of an account."""

    def all(self) -> tuple[Campaign, ...]:
        """Return every campaign. https://developer.dotdigital.com/reference/get-all-campaigns-with-filters."""
        return tuple(_campaign(*item) for item in self._transport.pages("v2", "campaigns", "filtered").items())

    def send(self, campaign_id: int, contact_id: int, send_date: datetime | None = None) -> str:
        """Send a campaign to one contact, now or at `send_date`, and return the id of the send."""
        when = {} if send_date is None else {"sendDate": _utc(send_date)}
        return self._send("send", campaign_id, contact_id, when)

    def send_time_optimised(self, campaign_id: int, contact_id: int) -> str:
        """Send a campaign when the contact usually opens, and return the id of the send.

        https://developer.dotdigital.com/reference/send-campaign-using-send-time-optimization
        """
        return self._send("send-time-optimised", campaign_id, contact_id, {})

    def _send(self, how: str, campaign_id: int, contact_id: int, when: dict[str, str]) -> str:
        ids = {"campaignID": positive(campaign_id, "campaign"), "contactIDs": [positive(contact_id, "contact")]}
        return self._transport.request(
            Request("POST", path("v2", "campaigns", how), body={**ids, **when}, send=True)
        ).text("id")


class TriggeredCampaigns(Resource):
    """The triggered campaigns of an account."""

    def send(self, email: TriggeredCampaign) -> None:
        """Send the e-mail. Dotdigital returns no message id. Raises RejectedError for an e-mail to nobody."""
        if not email.to:
            raise RejectedError("an e-mail must have somebody to go to")
        if max(len(email.to), len(email.cc), len(email.bcc)) > _MOST_ADDRESSES:
            raise RejectedError(f"an e-mail goes to {_MOST_ADDRESSES} addresses of a kind at most")
        body = {"campaignId": positive(email.campaign_id, "campaign"), "toAddresses": list(email.to), **_options(email)}
        to = path("v2", "email", "triggered-campaign")
        self._transport.request(Request("POST", to, body=body, send=True, feature=_SWITCH_ON))


class TransactionalEmail(Resource):
    """The transactional e-mail of an account."""

    def send(self, email: Email) -> None:
        """Send an e-mail. Dotdigital returns no message id. Raises RejectedError for an e-mail to nobody."""
        if not email.to:
            raise RejectedError("an e-mail must have somebody to go to")
        body = {
            "ToAddresses": list(email.to),
            "CCAddresses": list(email.cc),
            "BCCAddresses": list(email.bcc),
            "Subject": email.subject,
            "FromAddress": email.sender,
            "HtmlContent": email.html,
        }
        if email.plain_text:
            body["PlainTextContent"] = email.plain_text
        self._transport.request(Request("POST", path("v2", "email"), body=body, send=True, feature=_SWITCH_ON))


def _campaign(number: int, read: JsonObject) -> Campaign:
    status = read.text("status")
    # Both are documented: a triggered campaign's status may also be that of what it has sent.
    triggered = _TRIGGERED in (read.text("type"), status)
    return Campaign(number, read.text("name"), read.text("subject"), status, triggered)


def _utc(timestamp: datetime) -> str:
    return timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _options(email: TriggeredCampaign) -> dict[str, Any]:
    options: dict[str, Any] = {
        "ccAddresses": list(email.cc),
        "bccAddresses": list(email.bcc),
        "fromAddress": email.sender,
        "personalizationValues": [{"name": name, "value": value} for name, value in email.values.items()],
    }
    return {name: value for name, value in options.items() if value}

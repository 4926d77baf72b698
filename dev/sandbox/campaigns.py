"""Reading campaigns and sending them.

https://developer.dotdigital.com/reference/send-campaign. A send that names nobody goes to all
contacts of the account, as the documentation warns, and the journal shows it.
"""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import uuid4

from pydantic import BeforeValidator, Field, JsonValue

from dev.sandbox.account import Campaign
from dev.sandbox.api import Request, Response, Route, V2Body, v2_body, v2_error
from dev.sandbox.clock import iso
from dev.sandbox.contact_book import Contact

_MOST_CONTACTS: Final = 10
_SENDABLE: Final = {"Unsent", "Sent", "Triggered"}


def _timestamp(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("is not a date in ISO 8601")
    given = datetime.fromisoformat(value)
    return given if given.tzinfo else given.replace(tzinfo=UTC)


class OptimisedSend(V2Body):
    """The body of POST /v2/campaigns/send-time-optimised."""

    campaign_id: int
    contact_ids: list[int] = Field(default_factory=list, max_length=_MOST_CONTACTS)
    address_book_ids: list[int] = Field(default_factory=list)


class Send(OptimisedSend):
    """The body of POST /v2/campaigns/send."""

    send_date: Annotated[datetime | None, BeforeValidator(_timestamp)] = None
    split_test_options: dict[str, JsonValue] | None = None


def get_campaigns(request: Request) -> Response:
    """Return a page of campaigns; contents are never part of it, and filters are not read."""
    return Response(200, [_shown(item) for item in request.page(request.account.campaigns)])


def post_send(request: Request) -> Response:
    """Send a campaign now or at `sendDate`."""
    given = v2_body(request, Send, "ERROR_CAMPAIGN_SEND_INVALID")
    return _send(request, given, given.send_date, optimised=False)


def post_send_time_optimised(request: Request) -> Response:
    """Send a campaign to each contact at the time that Dotdigital thinks best."""
    given = v2_body(request, OptimisedSend, "ERROR_CAMPAIGN_SEND_INVALID")
    return _send(request, given, None, optimised=True)


def _send(request: Request, given: OptimisedSend, send_date: datetime | None, *, optimised: bool) -> Response:
    campaign = _campaign(request, given.campaign_id)
    contacts = _recipients(request, given)
    now = request.state.clock.now()
    when = send_date or now
    send = {
        "id": str(uuid4()),
        "campaignId": campaign.id,
        "addressBookIds": given.address_book_ids,
        "contactIds": given.contact_ids,
        "sendDate": iso(when),
        "splitTestOptions": None,
        "status": "Scheduled" if when > now else "NotSent",
    }
    request.effect(
        "campaign_sent",
        sendId=send["id"],
        campaignId=campaign.id,
        contactIds=[contact.contact_id for contact in contacts],
        allContacts=not (given.contact_ids or given.address_book_ids),
        sendDate=None if send_date is None else iso(when),
        optimised=optimised,
    )
    return Response(202, send)


def _campaign(request: Request, number: int) -> Campaign:
    campaign = request.account.campaign(number)
    if campaign is None:
        raise v2_error(404, "ERROR_CAMPAIGN_NOT_FOUND")
    if campaign.status not in _SENDABLE:
        raise v2_error(400, "ERROR_CAMPAIGN_SENDNOTPERMITTED", "Send not permitted at this time.")
    return campaign


def _recipients(request: Request, given: OptimisedSend) -> list[Contact]:
    """Return who gets the campaign; one contact who may not be mailed stops the request."""
    account = request.account
    if not (given.contact_ids or given.address_book_ids):
        return [contact for contact in account.book if contact.mailable]
    contacts = [contact for number in given.contact_ids if (contact := account.book.by_id(number)) is not None]
    if len(contacts) < len(given.contact_ids):
        text = "One or more of the supplied contacts were not found. Send not permitted."
        raise v2_error(400, "ERROR_CONTACT_NOT_FOUND", text)
    if any(account.contact_list(number) is None for number in given.address_book_ids):
        raise v2_error(400, "ERROR_ADDRESSBOOK_NOT_FOUND")
    if not all(contact.mailable for contact in contacts):
        raise v2_error(400, "ERROR_CONTACT_SUPPRESSED")
    members = [contact for number in given.address_book_ids for contact in account.members(number)]
    return list({contact.contact_id: contact for contact in [*contacts, *members] if contact.mailable}.values())


def _shown(campaign: Campaign) -> dict[str, object]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "subject": campaign.subject,
        "fromName": campaign.from_name,
        "fromAddress": {"id": 1, "email": campaign.from_address},
        "htmlContent": None,
        "plainTextContent": None,
        "replyAction": "WebMailForward",
        "replyToAddress": "",
        "isSplitTest": False,
        "status": campaign.status,
        "type": "Triggered" if campaign.status == "Triggered" else "Standard",
        "tags": [],
        "sentDate": None,
        "scheduledDate": None,
    }


_OPTIMISED: Final = "/v2/campaigns/send-time-optimised"
ROUTES: Final = (
    Route("GET", "/v2/campaigns/filtered", get_campaigns, "low"),
    Route("POST", "/v2/campaigns/send", post_send, "unlimited", flat_exempt=True),
    Route("POST", _OPTIMISED, post_send_time_optimised, "unlimited", flat_exempt=True),
)

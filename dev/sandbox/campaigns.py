"""Reading campaigns and sending them.

https://developer.dotdigital.com/reference/send-campaign. A send that names nobody goes to all
contacts of the account, as the documentation warns, and the journal shows it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import uuid4

from pydantic import BeforeValidator, Field, JsonValue

from dev.sandbox.account import Campaign
from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, page, v2_body
from dev.sandbox.clock import iso
from dev.sandbox.contact import Contact

_MOST_CONTACTS: Final = 10
_SENDABLE: Final = {"Unsent", "Sent", "Triggered"}


def _iso(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("is not a date in ISO 8601")
    return datetime.fromisoformat(value)


class OptimisedSend(V2Body):
    """The body of POST /v2/campaigns/send-time-optimised."""

    campaign_id: int
    contact_ids: list[int] = Field(default_factory=list, max_length=_MOST_CONTACTS)
    address_book_ids: list[int] = Field(default_factory=list)


class Send(OptimisedSend):
    """The body of POST /v2/campaigns/send."""

    send_date: Annotated[datetime | None, BeforeValidator(_iso)] = None
    split_test_options: dict[str, JsonValue] | None = None


def get_campaigns(call: Call) -> Answer:
    """Answer with a page of campaigns; contents are never part of it, and filters are not read."""
    return Answer(200, [_row(item) for item in page(call, call.account.campaigns)])


def post_send(call: Call) -> Answer:
    """Send a campaign now or at `sendDate`."""
    given = v2_body(call, Send, "ERROR_CAMPAIGN_SEND_INVALID")
    return _send(call, given, given.send_date, optimised=False)


def post_send_time_optimised(call: Call) -> Answer:
    """Send a campaign to each contact at the time that Dotdigital thinks best."""
    given = v2_body(call, OptimisedSend, "ERROR_CAMPAIGN_SEND_INVALID")
    return _send(call, given, None, optimised=True)


def _send(call: Call, given: OptimisedSend, send_date: datetime | None, *, optimised: bool) -> Answer:
    campaign = _campaign(call, given.campaign_id)
    contacts = _recipients(call, given)
    when = _utc(send_date or call.state.clock.now())
    send = {
        "id": str(uuid4()),
        "campaignId": campaign.id,
        "addressBookIds": given.address_book_ids,
        "contactIds": given.contact_ids,
        "sendDate": iso(when),
        "splitTestOptions": None,
        "status": "Scheduled" if when > call.state.clock.now() else "NotSent",
    }
    call.effect(
        "campaign_sent",
        sendId=send["id"],
        campaignId=campaign.id,
        contactIds=[contact.contact_id for contact in contacts],
        allContacts=not (given.contact_ids or given.address_book_ids),
        sendDate=None if send_date is None else iso(when),
        optimised=optimised,
    )
    return Answer(202, send)


def _campaign(call: Call, number: int) -> Campaign:
    campaign = call.account.campaign(number)
    if campaign is None:
        raise Refusal(v2_error(404, "ERROR_CAMPAIGN_NOT_FOUND"))
    if campaign.status not in _SENDABLE:
        text = "Send not permitted at this time."
        raise Refusal(v2_error(400, "ERROR_CAMPAIGN_SENDNOTPERMITTED", text))
    return campaign


def _recipients(call: Call, given: OptimisedSend) -> list[Contact]:
    """Who gets the campaign; one contact who may not be mailed stops the call."""
    account = call.account
    if not (given.contact_ids or given.address_book_ids):
        return [contact for contact in account.book if contact.mailable]
    named = [account.book.by_id(number) for number in given.contact_ids]
    if None in named:
        text = "One or more of the supplied contacts were not found. Send not permitted."
        raise Refusal(v2_error(400, "ERROR_CONTACT_NOT_FOUND", text))
    if any(account.contact_list(number) is None for number in given.address_book_ids):
        raise Refusal(v2_error(400, "ERROR_ADDRESSBOOK_NOT_FOUND"))
    contacts = [contact for contact in named if contact is not None]
    if not all(contact.mailable for contact in contacts):
        raise Refusal(v2_error(400, "ERROR_CONTACT_SUPPRESSED"))
    members = [one for number in given.address_book_ids for one in account.members(number)]
    every = {one.contact_id: one for one in [*contacts, *members] if one.mailable}
    return list(every.values())


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _row(campaign: Campaign) -> dict[str, object]:
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


ROUTES: Final = (
    Route("GET", "/v2/campaigns/filtered", get_campaigns, "low"),
    Route("POST", "/v2/campaigns/send", post_send, "unlimited", flat_exempt=True),
    Route(
        "POST",
        "/v2/campaigns/send-time-optimised",
        post_send_time_optimised,
        "unlimited",
        flat_exempt=True,
    ),
)

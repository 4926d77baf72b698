"""One event of each action that sends, for tests that follow a single send."""

from dataclasses import dataclass
from typing import Any

from tests.faults.planned import ORDER_MAIL
from tests.support.segment import track


@dataclass(frozen=True)
class SendCase:
    """An event that makes one send: its subscription, the call that makes it, and what it is known by."""

    action: str
    subscription: str
    path: str
    properties: dict[str, Any]
    mark: str

    @property
    def event(self) -> dict[str, Any]:
        """The event as Segment sends it."""
        return track(self.subscription, **self.properties) | {"messageId": f"only-{self.action}"}

    @property
    def body(self) -> dict[str, Any]:
        """The message that segment_webhook writes for it."""
        return {"subscription": self.subscription, "event": self.event}

    @property
    def route(self) -> str:
        """The direct route of the action."""
        return f"/actions/{self.action.replace('_', '-')}"


_EMAIL = "kim@example.com"
_PHONE = "+447700900001"
SEND_CASES = (
    SendCase(
        "enrol_contact",
        "Enrol Contact to Program",
        "^/v2/programs/enrolments$",
        {"email": _EMAIL, "programId": 501},
        _EMAIL,
    ),
    SendCase(
        "send_sms", "Send SMS", "^/v2/sms-messages/", {"phone": _PHONE, "message": "The one text"}, "The one text"
    ),
    SendCase(
        "send_transactional_sms",
        "Send Transactional SMS",
        "^/cpaas/messages$",
        {"phone": _PHONE, "message": "The one text", "from": "Shop"},
        "The one text",
    ),
    SendCase(
        "send_email_campaign",
        "Send Email Campaign",
        "^/v2/campaigns/send$",
        {"email": _EMAIL, "campaignId": 601},
        _EMAIL,
    ),
    SendCase("send_triggered_campaign", ORDER_MAIL, "^/v2/email/triggered-campaign$", {"email": _EMAIL}, _EMAIL),
    SendCase(
        "send_transactional_email",
        "Send Transactional Email",
        "^/v2/email$",
        {
            "email": _EMAIL,
            "fromAddress": "shop@example.com",
            "subject": "The one mail",
            "htmlContent": "<p>Hello</p>",
            "plainTextContent": "Hello",
        },
        "The one mail",
    ),
)
SENDS = frozenset(case.action for case in SEND_CASES)

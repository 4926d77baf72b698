"""Events for the bench, of about 1,000 bytes each, and the requests and messages that bring them."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from local.bench.resources import SHARED_SECRET

_EVENT_BYTES: Final = 1_040
_PROPERTIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "Add or Update Contact": {"listId": 301, "dataFields": {"FIRSTNAME": "Kim", "POINTS": 120}},
    "Remove Contact from List": {"listId": 301},
    "Enrol Contact to Program": {"programId": 501},
    "Send SMS": {"message": "Your order is on its way."},
    "Send Transactional SMS": {"message": "Your order is on its way.", "from": "Shop"},
    "Send Email Campaign": {"campaignId": 601},
    "Send Transactional Email": {
        "fromAddress": "shop@example.com",
        "subject": "Your order",
        "htmlContent": "<p>It is on its way.</p>",
        "plainTextContent": "It is on its way.",
    },
}
SUBSCRIPTIONS: Final = tuple(_PROPERTIES)


def event(number: int, subscription: str = "Add or Update Contact") -> dict[str, Any]:
    """Make the event of one person that the subscription of that name takes."""
    person = {"email": f"person-{number}@example.com", "phone": f"+4477{number % 100_000_000:08}"}
    page = {"title": ""}
    made = {
        "type": "track",
        "event": subscription,
        "messageId": f"bench-{number}",
        "userId": f"user-{number}",
        "timestamp": "2026-11-20T10:05:07.833Z",
        "context": {"library": {"name": "analytics.js", "version": "next-1.77.0"}, "page": page},
        "integrations": {},
        "properties": {**person, **_PROPERTIES[subscription]},
    }
    page["title"] = "x" * max(0, _EVENT_BYTES - len(_written(made)))
    return made


def request(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make API Gateway's event for POST /segment with a batch; Segment signs its first element."""
    signature = hmac.new(SHARED_SECRET.encode(), _written(events[0]), hashlib.sha1).hexdigest()
    return {
        "resource": "/segment",
        "path": "/segment",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json", "X-Signature": signature},
        "requestContext": {"requestId": "request-1", "stage": "live"},
        "body": _written(events).decode(),
        "isBase64Encoded": False,
    }


def records(numbers: Sequence[int], subscription: str) -> list[dict[str, Any]]:
    """Make the messages that segment_webhook writes for these people's events, as Lambda brings them."""
    return [_record(number, subscription) for number in numbers]


def _record(number: int, subscription: str) -> dict[str, Any]:
    return {
        "messageId": str(number),
        "receiptHandle": str(number),
        "body": json.dumps({"subscription": subscription, "event": event(number, subscription)}),
        "attributes": {"SentTimestamp": "1763633108000", "ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:bench",
    }


def _written(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()

"""Builders of Segment events and of the envelopes that bring them; a test states one difference from the defaults."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from tests.support.aws import SHARED_SECRET


def track(name: str = "Send SMS", **properties: Any) -> dict[str, Any]:
    """A track event as Segment delivers it."""
    return {
        "type": "track",
        "event": name,
        "messageId": "ajs-next-0001",
        "userId": "user-1",
        "timestamp": "2026-11-20T10:05:07.833Z",
        "context": {"library": {"name": "analytics.js", "version": "next-1.77.0"}},
        "integrations": {},
        "properties": properties,
    }


def written(content: Any) -> bytes:
    """JSON as Segment writes it: only half an emoji is escaped."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode(errors="backslashreplace")


def signature(body: bytes, secret: str = SHARED_SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def rest_event(content: Any, route: str = "/actions/send-sms", **differences: Any) -> dict[str, Any]:
    """A REST API's proxy event that brings `content`, signed."""
    body = content if isinstance(content, bytes) else written(content)
    return {
        "resource": route,
        "path": route,
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json", "X-Signature": signature(body)},
        "requestContext": {"requestId": "request-1", "stage": "live"},
        "body": body.decode(errors="surrogateescape"),
        "isBase64Encoded": False,
    } | differences


def http_event(content: Any, route: str = "/actions/send-sms") -> dict[str, Any]:
    """An HTTP API's event, payload 2.0, that brings `content`, signed."""
    body = written(content)
    return {
        "version": "2.0",
        "routeKey": f"POST {route}",
        "rawPath": f"/live{route}",
        "headers": {"content-type": "application/json", "x-signature": signature(body)},
        "requestContext": {"requestId": "request-2", "http": {"method": "POST", "path": f"/live{route}"}},
        "body": body.decode(),
        "isBase64Encoded": False,
    }


def partner_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of Segment's EventBridge destination."""
    return own_event(event, detail_type=str(event["type"]), source="aws.partner/segment.com/source-1")


def own_event(detail: Any, detail_type: str = "send_sms", source: str = "com.example.shop") -> dict[str, Any]:
    """An event of the account's own bus."""
    return {
        "version": "0",
        "id": "9808a325-b19a-5191-8229-9edfac62f4bc",
        "detail-type": detail_type,
        "source": source,
        "account": "123456789012",
        "time": "2026-11-20T10:05:08Z",
        "region": "eu-west-1",
        "resources": [],
        "detail": detail,
    }

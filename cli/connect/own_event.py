"""An event that the command sends through a stack's webhook, signed as Segment signs, and what became of it.

Its own event says no to Dotdigital, so that no subscription gets it: it proves the URL, the signature and the secret,
and no contact hears of it. A person's event goes where the subscriptions send it, and the functions log its outcomes.
https://segment.com/docs/connections/destinations/catalog/actions-webhook/
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

import requests

from aws.secret import Secret
from cli.connect.segment_setup import WEBHOOK_HEADER
from cli.stack import Stack
from dotdigital.json_text import read_json
from segment_events import sign

_WAITS: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)
"""Seconds before each try: a function that has just read a secret reads it again after ten seconds."""
_MOST_SECONDS: Final = 30.0
_LOOKS: Final = 30
_BETWEEN_LOOKS: Final = 2.0
_AGAIN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS})


class NotTakenError(Exception):
    """The stack did not take the event. The text says what to do."""


@dataclass(frozen=True)
class Taken:
    """The stack's word for an event: how many messages each action's queue got, and whether none wanted it."""

    message_id: str
    queued: Mapping[str, int]
    skipped: bool


@dataclass(frozen=True)
class LoggedOutcome:
    """What a function logged about an event."""

    outcome: str
    action: str
    subscription: str
    reason: str | None


def own_event(now: datetime | None = None) -> dict[str, Any]:
    """Make an event that goes nowhere."""
    return {
        "type": "track",
        "event": "segment-dotdigital connect",
        "messageId": f"segment-dotdigital-connect-{uuid.uuid4()}",
        "userId": "segment-dotdigital",
        "timestamp": (now or datetime.now(UTC)).isoformat(),
        "properties": {},
        "integrations": {"Dotdigital": False},
    }


def send_event(stack: Stack, url: str, secret: Secret, event: Mapping[str, Any]) -> Taken:
    """Send an event as Segment does, again for a minute while the stack may yet take it. Raises NotTakenError."""
    body = json.dumps(event, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json"}
    if secret.shared_secret:
        headers["X-Signature"] = sign(body, secret.shared_secret)
    if secret.webhook_secret:
        headers[WEBHOOK_HEADER] = secret.webhook_secret
    problem = ""
    with requests.Session() as session:
        session.trust_env = not stack.is_local  # past every proxy
        for wait in _WAITS:
            if wait:
                stack.waits.sleep(wait)
            try:
                response = session.post(url, data=body, headers=headers, timeout=_MOST_SECONDS, allow_redirects=False)
            except requests.RequestException as error:
                problem = f"no response came from {url} ({type(error).__name__})"
                continue
            if response.status_code == HTTPStatus.OK:
                return _taken(str(event["messageId"]), response)
            problem = _problem(stack, url, response.status_code)
            if response.status_code not in _AGAIN and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                break
    raise NotTakenError(problem)


def wait_for_outcomes(stack: Stack, taken: Taken) -> list[LoggedOutcome]:
    """Wait, for a minute at most, until the actions that got the event have logged its outcomes; return those."""
    wanted = sum(taken.queued.values())
    found: list[LoggedOutcome] = []
    since = int((time.time() - 60) * 1000)
    client = stack.session.client("logs", endpoint_url=stack.endpoint, config=stack.config)
    for _ in range(_LOOKS):
        found = []
        for action in taken.queued:
            pages = client.get_paginator("filter_log_events").paginate(
                logGroupName=f"/aws/lambda/{stack.name}-{action}",
                startTime=since,
                filterPattern=f'"{taken.message_id}"',
            )
            found += _outcomes([line["message"] for page in pages for line in page["events"]], taken.message_id)
        if len(found) >= wanted:
            break
        stack.waits.sleep(_BETWEEN_LOOKS)
    client.close()
    return found


def _taken(message_id: str, response: requests.Response) -> Taken:
    try:
        counts = response.json()
        queued = {str(action): int(number) for action, number in counts["queued"].items()}
        return Taken(message_id, queued, bool(counts["skipped"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotTakenError(f"{response.url} is not the webhook of this template: its 200 has no counts") from None


def _problem(stack: Stack, url: str, status: int) -> str:
    log = f"/aws/lambda/{stack.name}-segment_webhook"
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return f"the stack refuses the signature (401): its log {log} says which"
        case HTTPStatus.FORBIDDEN:
            return f"{url} is forbidden (403): a firewall or a policy stands before the API"
        case _:
            return f"{url} responds {status}: the log {log} says why"


def _outcomes(lines: Sequence[str], message_id: str) -> Iterator[LoggedOutcome]:
    for line in lines:
        try:
            content = read_json(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(content, dict) or content.get("correlation_id") != message_id:
            continue
        if content.get("message") == "outcome":
            outcome, action, subscription = (str(content.get(key)) for key in ("outcome", "action", "subscription"))
            yield LoggedOutcome(outcome, action, subscription, content.get("reason"))

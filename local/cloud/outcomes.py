"""Read what became of an event: from an answer, or from the function's own log."""

import json
import time
from collections.abc import Mapping
from typing import Any

import boto3


def outcome_of(answer: object) -> str:
    """Return the outcome that an answer names ("delivered"), else the answer itself as text.

    An event that several subscriptions take is answered with a list of outcomes; they are joined.
    """
    if isinstance(answer, list):
        return ", ".join(outcome_of(one) for one in answer)
    if isinstance(answer, Mapping) and "outcome" in answer:
        return str(answer["outcome"])
    return f"no outcome: {json.dumps(answer)}"


def logged_outcome(function: str, correlation_id: str, wait_seconds: float = 30) -> str:
    """Wait for the line that the function logs about an event and return its outcome.

    The line is in the function's log group of CloudWatch Logs: JSON with message "outcome" and the
    event's correlation_id. Returns "no outcome: ..." when none comes within `wait_seconds`.
    """
    deadline = time.monotonic() + wait_seconds
    while time.monotonic() < deadline:
        found = [line for line in _log_lines(function) if _is_about(line, correlation_id)]
        if found:
            return outcome_of(found)
        time.sleep(0.2)
    return f"no outcome: {function} logged none within {wait_seconds:g} s"


def _log_lines(function: str) -> list[Any]:
    pages = boto3.client("logs").get_paginator("filter_log_events")
    return [
        json.loads(event["message"])
        for page in pages.paginate(logGroupName=f"/aws/lambda/{function}")
        for event in page["events"]
        if event["message"].startswith("{")
    ]


def _is_about(line: Mapping[str, Any], correlation_id: str) -> bool:
    return line.get("message") == "outcome" and line.get("correlation_id") == correlation_id

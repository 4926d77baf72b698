"""Read what became of events: from an answer, or from the functions' own logs."""

import json
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import boto3


def outcome_of(answer: object) -> str:
    """Return the outcome that an answer names ("delivered"), else the answer itself as text."""
    if isinstance(answer, Mapping) and "outcome" in answer:
        return str(answer["outcome"])
    return f"no outcome: {json.dumps(answer)}"


def summary(outcomes: Sequence[str]) -> str:
    """Return one outcome as it is, several as their numbers: "7 delivered, 1 skipped"."""
    if len(outcomes) == 1:
        return outcomes[0]
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(Counter(outcomes).items())) or "none"


def logged_outcomes(
    functions: Sequence[str], correlation_ids: Collection[str], number: int, wait_seconds: float = 30
) -> list[str]:
    """Wait for the lines that functions log about events and return their outcomes.

    A line is in its function's log group of CloudWatch Logs: JSON with message "outcome" and the event's
    correlation_id. Waits until there are `number` of them; "no outcome" stands for each that does not come within
    `wait_seconds`.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        messages = {function: _log_messages(function) for function in functions}
        lines = [json.loads(text) for texts in messages.values() for text in texts if text.startswith("{")]
        found = [str(line["outcome"]) for line in lines if _is_about(line, correlation_ids)]
        if len(found) >= number or time.monotonic() > deadline:
            return found + ["no outcome"] * (number - len(found))
        _fetch_late_lines(messages)
        time.sleep(0.2)


def _log_messages(function: str) -> list[str]:
    pages = boto3.client("logs").get_paginator("filter_log_events")
    return [
        event["message"] for page in pages.paginate(logGroupName=f"/aws/lambda/{function}") for event in page["events"]
    ]


def _fetch_late_lines(messages: Mapping[str, Sequence[str]]) -> None:
    """Invoke each function whose invocation ended without a line, with what it rejects.

    On a busy machine MiniStack stops reading an invocation's lines before they came; the next one brings them.
    """
    for function, texts in messages.items():
        ended = sum(text.startswith("END") for text in texts)
        if ended > sum(text.startswith("{") for text in texts):
            boto3.client("lambda").invoke(FunctionName=function, Qualifier="live", Payload=b"{}")


def _is_about(line: Mapping[str, Any], correlation_ids: Collection[str]) -> bool:
    return line.get("message") == "outcome" and line.get("correlation_id") in correlation_ids

"""The checkout as the template tests see it."""

import json
from pathlib import Path
from typing import Any

from delivery.action import action_names

ROOT = Path(__file__).parents[2]
WEBHOOK = "segment_webhook"
EVENTBRIDGE = "eventbridge"
"""The queue that EventBridge fills and segment_webhook reads."""
FUNCTIONS = tuple(sorted(folder.name for folder in (ROOT / "functions").iterdir() if (folder / "app.py").exists()))
ASKED = ("audiences", "catalog")
"""The functions that take questions and no events."""
ACTIONS = action_names()
SOURCES = ("api_gateway", "eventbridge", "direct", "sqs")
EVENT_FILES = tuple((action, source) for action in ACTIONS for source in SOURCES)
WEBHOOK_FILES = tuple((WEBHOOK, source) for source in ("api_gateway", "eventbridge", "sqs"))
VERSION = (
    "${SnapStart} ${Architecture} ${Tracing} ${LogLevel} ${SendsKeptDays} ${RetryForHours} ${SegmentSourcePrefix} "
    "${AllowPayloads} ${DotdigitalBaseUrl}"
)
"""What a function's version is described with: the parameters that make another version of each function."""
QUESTION_FILES = (
    *(("audiences", name) for name in ("create", "get", "read")),
    *(("catalog", name) for name in ("account", "lists", "programs_as_choices", "new_data_field")),
)


def resource_name(action: str) -> str:
    """Return how the template writes an action's name: SendSms for send_sms."""
    if action == EVENTBRIDGE:
        return "EventBridge"
    return "".join(word.capitalize() for word in action.split("_"))


def read_event(action: str, source: str) -> dict[str, Any]:
    """Return the content of an event file."""
    content: dict[str, Any] = json.loads((ROOT / "events" / action / f"{source}.json").read_text())
    return content

"""The checkout as the template tests see it."""

import json
from pathlib import Path
from typing import Any

import yaml

from delivery.action import action_names
from dev.expand import expanded

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


def read_template() -> dict[str, Any]:
    """Return template.yaml without its loops, its short forms (!Ref X, !Sub y) as CloudFormation's long ones."""
    content: dict[str, Any] = yaml.load(expanded((ROOT / "template.yaml").read_text()), _TemplateLoader)
    return content


def read_event(action: str, source: str) -> dict[str, Any]:
    """Return the content of an event file."""
    content: dict[str, Any] = json.loads((ROOT / "events" / action / f"{source}.json").read_text())
    return content


class _TemplateLoader(yaml.SafeLoader):
    """Reads CloudFormation's own tags."""


def _long_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.ScalarNode)
    return {name: loader.construct_scalar(node)}


_TemplateLoader.add_multi_constructor("!", _long_form)

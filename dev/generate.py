"""Writes the files that are made from the code, so that they cannot say something else: `make generate`."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import TextWrapper
from typing import Any, Final

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aws.secret import Secret
from aws.settings import Settings
from cli.actions import load_action
from delivery.action import Action, action_names
from delivery.fields.payload import DefaultMapping, DependsOn, RequiredWhen, declared
from delivery.subscription import DEFAULTS
from delivery.subscriptions_file import SubscriptionsFile
from dev import PROJECT

_WIDTH: Final = 130
_ACTIONS: Final = """# Actions

Look here for what an action does, its default trigger, and the fields of its mapping. `make generate` writes this page
from the models in `functions/<action>/app.py`. Names, labels and defaults are Segment's, but for
[what differs](compatibility.md#fields). `send_sms` has Segment's slug `sendSms`, the route `POST /actions/send-sms` and
the default trigger `type = "track" and event = "Send SMS"`, with its title; others name theirs. An action is safe to
repeat unless it is a send; a send that is in doubt is never repeated. A field has its label in brackets, unless that is
its name, and its default in the action's default mapping. If its condition ("only if …") does not hold, it is ignored.

## Shared fields

Several actions take these fields, and name those that they take.
"""
_SETTINGS: Final = """# Settings

`make generate` writes this page from `layers/shared/aws`. What you set is the secret and the parameters of
`template.yaml`, which has a description of each.

## Environment of a function

`template.yaml` sets these variables. boto3 and Powertools also read their own, such as `AWS_ENDPOINT_URL` (the local
cloud, tests) and `POWERTOOLS_LOG_LEVEL`.
"""
_SECRET: Final = """
## Keys of the secret

The secret is one JSON object in AWS Secrets Manager. A function sees a change after SECRET_MAX_AGE_SECONDS, or at
once when Dotdigital refuses the credentials or a signature does not match. While the secret cannot be read or used, a
function goes on with the last one that it could use.
"""


def actions_page() -> str:
    """Write docs/actions.md: what each action takes and does, from its payload model."""
    actions = [load_action(name) for name in action_names()]
    fields = Counter(field for action in actions for field in _fields(action))
    often = {text: condition for (text, condition), _ in reversed(fields.most_common())}
    counts = Counter(text for action in actions for text, _ in _fields(action))
    shared = {text: often[text] for text, count in counts.items() if count > 1}
    bullets = [part for text, condition in shared.items() for part in _wrapped(f"- {text} {condition}")]
    return "\n".join([_ACTIONS, *bullets, "", *(_section(action, shared) for action in actions)])


def settings_page() -> str:
    """Write docs/settings.md: the environment of the functions and the keys of the secret, from their models."""
    return "\n".join([_SETTINGS, *_settings("variable", Settings), _SECRET, *_settings("key", Secret), ""])


def subscriptions_schema() -> str:
    """Write the schema of subscriptions: the file's shape, the actions by name and slug, the fields of each mapping."""
    schema = SubscriptionsFile.model_json_schema()
    subscription = schema["$defs"]["SubscriptionSettings"]
    names = [spelling for name in action_names() for spelling in (name, load_action(name).slug)]
    properties = subscription["properties"]
    properties["action"] = {**properties.pop("partnerAction"), "enum": names}
    properties["partnerAction"] = properties["action"]
    subscription["required"] = ["name"]
    subscription["oneOf"] = [{"required": ["partnerAction"]}, {"required": ["action"]}]
    subscription["allOf"] = [_mapping_rule(name) for name in action_names()]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def default_subscriptions() -> str:
    """Write the trigger and the mapping of each action, for subscriptions that leave them out."""
    actions = map(load_action, action_names())
    defaults = {each.name: {"subscribe": each.trigger, "mapping": each.payload.default_mapping()} for each in actions}
    return json.dumps(defaults, indent=2, ensure_ascii=False) + "\n"


FILES: Final[Mapping[Path, Callable[[], str]]] = {
    Path("docs/actions.md"): actions_page,
    Path("docs/settings.md"): settings_page,
    Path("layers/subscriptions/subscriptions.schema.json"): subscriptions_schema,
    DEFAULTS.relative_to(PROJECT): default_subscriptions,
}
"""Each generated file, from the top of the checkout, and what writes it."""


def main() -> None:
    """Write each generated file anew, and say which changed."""
    for path, write in FILES.items():
        text, file = write(), PROJECT / path
        changed = not file.exists() or file.read_text(encoding="utf-8") != text
        file.write_text(text, encoding="utf-8")
        typer.echo(f"{'changed' if changed else 'fresh  '} {path}")


def _section(action: Action[Any], shared: Mapping[str, str]) -> str:
    about = f"`{action.name}`: {action.description[0].lower()}{action.description[1:]}"
    facts = [about, *(["A send."] if action.is_send else [])]
    if action.trigger != f'type = "track" and event = "{action.title}"':
        facts.append(f"Default trigger: `{action.trigger}`.")
    here: dict[str, list[str]] = {}
    bullets = []
    for text, condition in _fields(action):
        if text in shared:
            here.setdefault("" if condition == shared[text] else condition or "In any case.", []).append(text)
        else:
            bullets.append(f"- {text} {condition}")
    groups = []
    for condition, some in sorted(here.items()):
        names = ", ".join(text.partition(" ")[0] for text in some)
        groups.append(f"{names} ({condition[0].lower()}{condition[1:].rstrip('.')})" if condition else names)
    if groups:
        facts.append(f"[Shared fields](#shared-fields): {'; '.join(groups)}.")
    parts = [*_wrapped(" ".join(facts)), *(part for bullet in bullets for part in _wrapped(bullet))]
    return "\n".join([f"## {action.title}", "", *parts, ""])


def _fields(action: Action[Any]) -> list[tuple[str, str]]:
    """Describe each field of an action, and its condition."""
    schema = action.payload.model_json_schema()["properties"]
    fields = {field.alias or name: field for name, field in action.payload.model_fields.items()}
    return [(_described(alias, field, schema[alias]), _condition(field)) for alias, field in fields.items()]


def _described(alias: str, field: FieldInfo, schema: Mapping[str, Any]) -> str:
    default = declared(field, DefaultMapping)
    facts = [_type(schema), *_required(field), *([f"default {_default(default.mapping)}"] if default else [])]
    is_the_name = re.sub(r"[ -]", "", str(field.title)).lower() == alias.replace("_", "").lower()
    label = "" if is_the_name else f"{field.title}: "
    return f"`{alias}` ({label}{', '.join(facts)}). {field.description}"


def _wrapped(text: str) -> list[str]:
    indent = "  " if text.startswith("- ") else ""
    return TextWrapper(_WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False).wrap(text)


def _type(schema: Mapping[str, Any]) -> str:
    kind = next(kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null")
    if "enum" in kind:
        *others, last = [f"`{choice}`" for choice in kind["enum"]]
        return f"{', '.join(others)} or {last}"
    return str(kind.get("format") or kind["type"])


def _required(field: FieldInfo) -> Iterator[str]:
    """Say that a field is required, always or while its condition holds, which is told beside it."""
    if declared(field, RequiredWhen) or field.is_required():
        yield "required"


def _default(mapping: Any) -> str:
    match mapping:
        case {"@path": str(path)}:
            return f"`{path}`"
        case {"@if": {"then": first, "else": other}}:
            return f"{_default(first)}, else {_default(other)}"
        case {"@merge": {"objects": objects}}:
            return f"{' and '.join(_default(each) for each in objects)}, merged"
    return f"`{json.dumps(mapping)}`"


def _condition(field: FieldInfo) -> str:
    condition, required = declared(field, DependsOn), declared(field, RequiredWhen)
    if not condition:
        return ""
    counts = f"Only if {_words(condition.values)}"
    if not condition.otherwise:
        return f"{counts}."
    only = "; required only in the first case" if required else ""
    return f"{counts}, or if {_words(condition.otherwise)}{only}."


def _words(values: Mapping[str, Any]) -> str:
    return " and ".join(f"`{alias}` is `{json.dumps(value).strip(chr(34))}`" for alias, value in values.items())


def _settings(what: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"| {what} | required | default | what it is |"
    yield "|---|---|---|---|"
    for name, field in model.model_fields.items():
        default = "" if field.is_required() or field.default is None else f"`{field.default}`"
        yield f"| `{field.alias or name}` | {'yes' if field.is_required() else ''} | {default} | {field.description} |"


def _mapping_rule(name: str) -> dict[str, Any]:
    action = load_action(name)
    spelling = {"enum": [name, action.slug]}
    fields = {
        field.alias or key: {"title": field.title, "description": field.description}
        for key, field in action.payload.model_fields.items()
    }
    return {
        "if": {"anyOf": [{"properties": {key: spelling}, "required": [key]} for key in ("partnerAction", "action")]},
        "then": {"properties": {"mapping": {"properties": fields}}},
    }


if __name__ == "__main__":
    typer.run(main)

"""layers/subscriptions/subscriptions.schema.json: what an editor checks subscriptions.json against as it is typed."""

import json
from typing import Any

from cli.actions import load_action
from delivery.action import action_names
from delivery.subscription import SubscriptionsFile


def subscriptions_schema() -> str:
    """Write the schema: the file's shape, the actions by name and slug, and the fields of each action's mapping."""
    schema = SubscriptionsFile.model_json_schema()
    subscription = schema["$defs"]["SubscriptionSettings"]
    names = [spelling for name in action_names() for spelling in (name, load_action(name).slug)]
    properties = subscription["properties"]
    properties["action"] = {**properties.pop("partnerAction"), "enum": names}
    properties["partnerAction"] = properties["action"]
    subscription["required"] = [key for key in subscription["required"] if key != "partnerAction"]
    subscription["oneOf"] = [{"required": ["partnerAction"]}, {"required": ["action"]}]
    subscription["allOf"] = [_mapping_rule(name) for name in action_names()]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


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

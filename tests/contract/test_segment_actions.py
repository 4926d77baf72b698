"""Fields, triggers and presets of Segment's destinations, held against ours; differences.json lists what differs.

A difference that is not listed there fails, and so does a listed one that is none any more.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

from cli.actions import load_action
from delivery.action import action_names
from delivery.fields.payload import DefaultMapping, DependsOn, RequiredWhen, declared
from delivery.subscription import with_defaults
from dev import PROJECT, SUBSCRIPTIONS_FILE
from segment_events import compile_mapping, compile_trigger
from tests.support.compatibility import LEDGER, section_of_page

CONTRACT: dict[str, Any] = json.loads((PROJECT / "tests/contract/segment-actions.json").read_text(encoding="utf-8"))
SUBSCRIPTIONS = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))
NOTHING: Mapping[str, Any] = {}
MEMBER = {"email": "noor@example.com", "phone": "+447700900123", "vips": True}
PERSONAS = {"computation_class": "audience", "computation_key": "vips", "external_audience_id": "302"}
EVENTS: dict[str, dict[str, Any]] = {
    "warehouse_audience_membership_changed_identify": {"type": "identify", "traits": MEMBER},
    "warehouse_entity_added_track": {"type": "track", "event": "Entity Added", "properties": MEMBER},
    "warehouse_entity_removed_track": {
        "type": "track",
        "event": "Entity Removed",
        "properties": {**MEMBER, "vips": False},
    },
    "journeys_step_entered_track": {"type": "track", "event": "Journey Step Entered", "properties": MEMBER},
}
"""An event of each preset, in Engage's shape."""


def conditions(written: Any) -> Any:
    """Conditions as ours are declared: values by field, all of which must hold."""
    if not isinstance(written, dict):
        return written
    assert written.get("match", "all") == "all"
    assert {one["operator"] for one in written["conditions"]} == {"is"}
    return {one["fieldKey"]: one["value"] for one in written["conditions"]}


def of_segment(slug: str) -> dict[str, dict[str, Any]]:
    """Segment's fields of an action."""
    return {
        name: {
            "required": conditions(field["required"]),
            "default": field.get("default"),
            "choices": field.get("choices"),
            "condition": conditions(field.get("depends_on")),
        }
        for name, field in CONTRACT["actions"][slug]["fields"].items()
    }


def of_ours(slug: str) -> dict[str, dict[str, Any]]:
    """Our fields of the action."""
    fields = load_action(slug).payload.model_fields
    return {field.alias or name: described(field) for name, field in fields.items()}


def described(field: FieldInfo) -> dict[str, Any]:
    default, condition, required = (declared(field, kind) for kind in (DefaultMapping, DependsOn, RequiredWhen))
    assert default is None or isinstance(default, DefaultMapping)
    return {
        "required": dict(required.values) if isinstance(required, RequiredWhen) else field.is_required(),
        "default": default.mapping if default else None,
        "choices": list(choices(field.annotation)) or None,
        "condition": dict(condition.values) if isinstance(condition, DependsOn) else None,
    }


def choices(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
        return
    for inner in get_args(annotation):
        yield from choices(inner)


def differences() -> list[dict[str, Any]]:
    """What of Segment's is not so with us."""
    found = []
    for slug in CONTRACT["actions"]:
        ours = of_ours(slug)
        for name, field in of_segment(slug).items():
            for what, value in field.items():
                here = ours.get(name, NOTHING).get(what)
                if here != value:
                    found.append({"action": slug, "field": name, "what": what, "segment": value, "here": here})
    return found


def test_each_action_of_segments_is_here() -> None:
    assert {load_action(slug).slug for slug in CONTRACT["actions"]} == set(CONTRACT["actions"])


@pytest.mark.parametrize("slug", CONTRACT["actions"])
def test_each_field_of_segments_is_here(slug: str) -> None:
    assert of_segment(slug).keys() <= of_ours(slug).keys()


@pytest.mark.parametrize("slug", CONTRACT["actions"])
def test_the_default_trigger_is_segments(slug: str) -> None:
    assert load_action(slug).trigger == CONTRACT["actions"][slug]["defaultSubscription"]


def test_what_differs_of_a_field_is_listed_with_its_reason() -> None:
    assert [{key: value for key, value in each.items() if key != "why"} for each in LEDGER["fields"]] == differences()
    for each in LEDGER["fields"]:
        assert f"- `{each['field']}` of {each['action']}: {each['why']}" in section_of_page("Fields")


def test_the_fields_that_segment_does_not_have_are_listed_with_their_reason() -> None:
    alone: dict[str, list[str]] = {}
    for slug in CONTRACT["actions"]:
        for name in of_ours(slug).keys() - of_segment(slug).keys():
            alone.setdefault(name, []).append(slug)
    assert {each["field"]: each["actions"] for each in LEDGER["fields of ours alone"]} == alone
    for each in LEDGER["fields of ours alone"]:
        assert f"- `{each['field']}`: {each['why']}" in section_of_page("Fields")


def test_the_actions_that_segment_does_not_have_are_listed() -> None:
    ours = {load_action(name).slug for name in action_names()}
    listed = re.findall(r"`(\w+)`", section_of_page("Actions of ours alone"))
    assert listed == sorted(ours - CONTRACT["actions"].keys())


def presets() -> list[dict[str, Any]]:
    return [preset for some in CONTRACT["presets"].values() for preset in some]


def test_each_preset_has_a_subscription_of_ours() -> None:
    for preset in presets():
        assert f"{preset['name']} (`{preset['eventSlug']}`)" in " ".join(section_of_page("Presets").split())


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset["eventSlug"])
def test_the_subscription_does_as_the_preset(preset: dict[str, Any]) -> None:
    [ours] = [with_defaults(each) for each in SUBSCRIPTIONS["subscriptions"] if each["name"] == "Sync Audience"]
    event = {"messageId": "m-1", "context": {"personas": PERSONAS}, **EVENTS[preset["eventSlug"]]}
    mapped = compile_mapping(ours["mapping"])(event)
    assert (ours["partnerAction"], "enabled" in ours) == (preset["partnerAction"], False)
    assert compile_trigger(ours["subscribe"])(event)
    assert {name: mapped[name] for name in preset["mapping"]} == compile_mapping(preset["mapping"])(event)

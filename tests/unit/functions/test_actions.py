from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import action_name, action_names, slug_of

NAMES = action_names()
SEGMENTS = {
    "add_contact_to_list": "addContactToList",
    "enrol_contact": "enrolContact",
    "remove_contact_from_list": "removeContactFromList",
    "send_email_campaign": "sendEmailCampaign",
    "send_sms": "sendSms",
    "send_transactional_email": "sendTransactionalEmail",
    "send_transactional_sms": "sendTransactionalSms",
    "sync_audience": "syncAudience",
}


def test_the_slugs_are_segments() -> None:
    assert {name: load_action(name).slug for name in SEGMENTS} == SEGMENTS


@pytest.mark.parametrize("name", NAMES)
def test_an_action_by_name_or_slug(name: str) -> None:
    slug = slug_of(name)
    assert (action_name(name), action_name(slug)) == (name, name)
    assert load_action(name) is load_action(slug)
    assert load_action(name).name == name


@pytest.mark.parametrize(
    "unknown", ["sendPigeon", "add-contact-to-list", "AddContactToList", "delivery", "", "__init__"]
)
def test_an_unknown_action(unknown: str) -> None:
    told = f"no action {unknown!r}; the actions are {', '.join(NAMES)}"
    for find in (action_name, load_action):
        with pytest.raises(LookupError) as caught:
            find(unknown)
        assert caught.value.args == (told,)


@pytest.mark.parametrize("name", NAMES)
def test_the_route(name: str) -> None:
    assert load_action(name).route == f"/actions/{name.replace('_', '-')}"


def test_what_must_not_happen_twice_is_a_send() -> None:
    sends = {name for name in NAMES if load_action(name).is_send}
    assert sends == {name for name in NAMES if name.startswith("send_")} | {"enrol_contact"}


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_label_and_a_description(name: str) -> None:
    fields = load_action(name).payload.model_fields.values()
    assert all(field.title and field.description for field in fields)


def kind(schema: dict[str, Any]) -> str:
    """What a field takes, in a word: its format where it has one, else its type."""
    (only, *_) = [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]
    return str(only.get("format") or only["type"])


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (
            "add_contact_to_list",
            "string email string string boolean string string boolean string boolean boolean string uri boolean string "
            "integer object",
        ),
        ("enrol_contact", "string email string string boolean integer"),
        ("remove_contact_from_list", "string email string string integer"),
        ("send_email_campaign", "email integer date-time boolean"),
        ("send_sms", "string string string"),
        ("send_transactional_email", "string string string string string string string"),
        ("send_transactional_sms", "string string string string boolean boolean"),
    ],
)
def test_the_kind_of_each_field(name: str, kinds: str) -> None:
    schema = load_action(name).payload.model_json_schema()
    assert [kind(field) for field in schema["properties"].values()] == kinds.split()

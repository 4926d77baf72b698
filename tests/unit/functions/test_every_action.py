"""What holds of every action: its name, its fields, its defaults, and what it makes of payloads of any JSON."""

import string
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from cli.actions import load_action
from delivery.action import action_name, action_names, slug_of
from delivery.fields.payload import DependsOn, EmptyIdentifierError, PayloadError, SkipsWithout, declared
from delivery.fields.scalars import is_given
from segment_events import MappingResolutionError, compile_mapping
from tests.support.deliveries import NOW

NAMES = action_names()
each_action = pytest.mark.parametrize("name", NAMES)


def fields_of(name: str) -> dict[str, FieldInfo]:
    return {field.alias or key: field for key, field in load_action(name).payload.model_fields.items()}


def problems_of(name: str, mapped: dict[str, Any]) -> dict[str, str]:
    """What is wrong with what a mapping gave, by field; nothing of what is skipped."""
    try:
        load_action(name).payload.read(mapped, now=NOW)
    except PayloadError as error:
        return error.fields
    except EmptyIdentifierError:
        return {}
    return {}


@each_action
def test_an_action_is_found_by_name_and_by_slug(name: str) -> None:
    slug = slug_of(name)
    assert (action_name(name), action_name(slug)) == (name, name)
    assert load_action(name) is load_action(slug)
    assert (load_action(name).name, load_action(name).route) == (name, f"/actions/{name.replace('_', '-')}")


KNOWN = f"; the actions are {', '.join(NAMES)}"


@pytest.mark.parametrize(
    ("unknown", "advice"),
    [
        *((unknown, KNOWN) for unknown in ("sendPigeon", "delivery", "", "__init__")),
        ("add-contact-to-list", "; did you mean addContactToList?"),
        ("AddContactToList", "; did you mean addContactToList?"),
    ],
)
def test_an_unknown_action(unknown: str, advice: str) -> None:
    told = f"no action {unknown!r}{advice}"
    for find in (action_name, load_action):
        with pytest.raises(LookupError) as caught:
            find(unknown)
        assert caught.value.args == (told,)


def test_what_must_not_happen_twice_is_a_send() -> None:
    sends = {name for name in NAMES if load_action(name).is_send}
    assert sends == {name for name in NAMES if name.startswith("send_")} | {"enrol_contact"}


@each_action
def test_a_field_has_a_label_and_a_description_and_stands_after_those_that_its_condition_names(name: str) -> None:
    seen: set[str] = set()
    for alias, field in fields_of(name).items():
        assert field.title
        assert field.description
        assert {other for item in field.metadata if isinstance(item, DependsOn) for other in item.values} <= seen
        seen.add(alias)


@each_action
def test_a_number_without_a_plus_is_read_as_the_mapping_says_and_in_no_other_way(name: str) -> None:
    fields = fields_of(name).keys()
    numbers = fields & {"to", "mobileNumberIdentifier"}
    assert ("numberCountry" in fields) is bool(numbers)
    for number in numbers:
        mapped = {"channelIdentifier": "mobileNumber", "scope": "contact", number: "07700 900123"}
        assert "map numberCountry" in problems_of(name, mapped)[number]
        assert number not in problems_of(name, {**mapped, "numberCountry": "gb"})


EMAIL, PHONE = (
    {
        "@if": {
            "exists": {"@path": f"$.traits.{key}"},
            "then": {"@path": f"$.traits.{key}"},
            "else": {"@path": f"$.properties.{key}"},
        }
    }
    for key in ("email", "phone")
)
CONTACT = {"channelIdentifier": "email", "emailIdentifier": EMAIL, "mobileNumberIdentifier": PHONE}
DEFAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "delete_contact": ('type = "delete"', {"channelIdentifier": "email", "emailIdentifier": {"@path": "$.userId"}}),
    "record_event": (
        'type = "track"',
        {
            **CONTACT,
            "eventType": {"@path": "$.event"},
            "eventData": {"@path": "$.properties"},
            "id": {"@path": "$.messageId"},
            "timestamp": {"@path": "$.timestamp"},
            "missingContact": "retry",
        },
    ),
    "resubscribe_contact": ('type = "track" and event = "Resubscribe Contact"', {**CONTACT, "challenge": True}),
    "send_triggered_campaign": ('type = "track" and event = "Send Triggered Campaign"', {"toAddresses": EMAIL}),
    "unsubscribe_contact": ('type = "track" and event = "Unsubscribe Contact"', CONTACT),
    "upsert_insight_data": (
        'type = "track" and event = "Upsert Insight Data"',
        {**CONTACT, "scope": "contact", "key": {"@path": "$.messageId"}, "record": {"@path": "$.properties"}},
    ),
}
"""Those of the actions that Segment does not have. tests/contract holds the others against Segment's own."""


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_defaults_of_an_action_of_ours_alone(name: str) -> None:
    action = load_action(name)
    assert (action.trigger, action.payload.default_mapping()) == DEFAULTS[name]


ADDRESSES = {"email": "email", "emailIdentifier": "email", "toAddresses": "email"}
OTHER_FIELDS = {
    "channelIdentifier": "email",
    "campaignId": 7,
    "collection": "visits",
    "computation_key": "vips",
    "confirm": True,
    "eventType": "Visit",
    "external_audience_id": 7,
    "fromAddress": "shop@example.com",
    "htmlContent": "Hello",
    "id": "m-1",
    "key": "m-1",
    "listId": 7,
    "programId": 7,
    "record": {"place": "Leeds"},
    "scope": "contact",
    "segment_computation_action": "audience",
    "subject": "Hello",
    "timestamp": "2026-05-31",
    "traits_or_props": {"vips": True},
}


@pytest.mark.parametrize("name", [name for name in NAMES if fields_of(name).keys() & ADDRESSES.keys()])
def test_a_person_is_one_in_any_ascii_case_and_in_no_other(name: str) -> None:
    [field] = fields_of(name).keys() & ADDRESSES.keys()

    def person(address: str) -> str:
        payload = load_action(name).payload.read({**OTHER_FIELDS, field: address}, now=NOW)
        found: str = payload.person
        return found

    assert person("Ida@Example.com") == person("iDA@eXAMPLE.com")
    assert person("\u0130da@example.com") != person("i\u0307da@example.com")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
HUGE = st.sampled_from([10**310, -(10**4000), "9" * 5000])


def json_of(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    )


JSON = json_of(SCALARS | HUGE)
BAGS = st.dictionaries(st.sampled_from(["email", "phone"]) | st.text(), json_of(SCALARS), max_size=4)
WRITTEN = ["{}", "{}@", "{0}@{0}", "{0} <{0}@example>", "+44 {}", "https:{}", "{}\r\n"]
PERSONAL = st.text(string.ascii_uppercase, min_size=12, max_size=12).flatmap(
    lambda name: st.sampled_from([*(form.format(name) for form in WRITTEN), [name, name], {name: name}])
)
CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "channelIdentifier": st.sampled_from(["email", "mobileNumber"]),
    "emailSubscriptionStatus": st.just("subscribed"),
    "emailResubscribe": st.just(True),
}


def payloads(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Payloads of some of the action's fields, some of them with a right value, and others."""
    known = {field: CHOICES.get(field, values) | values for field in fields_of(name)}
    return st.fixed_dictionaries({}, optional={**known, "surplus": values})


def words(value: Any) -> set[str]:
    """Every text inside a value."""
    match value:
        case str():
            return {value, *value.replace("@", " ").replace("<", " ").split()}
        case list():
            return {word for item in value for word in words(item)}
        case dict():
            return {word for pair in value.items() for item in pair for word in words(item)}
        case _:
            return set()


@each_action
@given(data=st.data())
def test_any_json_gives_a_payload_or_reasons(name: str, data: st.DataObject) -> None:
    problems = problems_of(name, data.draw(payloads(name, JSON)))
    assert problems.keys() <= fields_of(name).keys()
    assert all(problems.values())


IDENTIFIERS = {"to", "email", "toAddresses", "emailIdentifier", "mobileNumberIdentifier"}


@each_action
@given(data=st.data())
def test_an_event_that_names_somebody_is_never_skipped_for_it_and_any_other_always(
    name: str, data: st.DataObject
) -> None:
    [fields] = [found.fields for field in fields_of(name).values() if (found := declared(field, SkipsWithout))]
    assert fields == fields_of(name).keys() & IDENTIFIERS
    drawn = data.draw(payloads(name, JSON | st.sampled_from(["", " ", "\u200b", [""]])))
    mapped = {**drawn, "scope": "contact", "emptyIdentifier": data.draw(st.sampled_from(["skip", " Skip", ["skip"]]))}
    names_somebody = any(is_given(mapped.get(field)) for field in fields)
    with nullcontext() if names_somebody else pytest.raises(EmptyIdentifierError), suppress(PayloadError):
        load_action(name).payload.read(mapped, now=NOW)


@each_action
@pytest.mark.parametrize("mapped", [{}, {"emptyIdentifier": "reject"}])
def test_an_event_that_names_nobody_is_rejected_unless_the_mapping_says_otherwise(
    name: str, mapped: dict[str, Any]
) -> None:
    with pytest.raises(PayloadError):
        load_action(name).payload.read(mapped, now=NOW)


@each_action
@given(data=st.data())
def test_no_reason_holds_what_was_mapped(name: str, data: st.DataObject) -> None:
    mapped = data.draw(payloads(name, PERSONAL))
    told = " ".join(map(" ".join, problems_of(name, mapped).items()))
    assert [word for word in words(list(mapped.values())) if word.isupper() and word in told] == []


@each_action
@given(event=st.fixed_dictionaries({}, optional={"traits": BAGS | JSON, "properties": BAGS | JSON}))
def test_the_default_mapping_on_any_event_gives_a_payload_or_reasons(name: str, event: dict[str, Any]) -> None:
    try:
        problems_of(name, compile_mapping(load_action(name).payload.default_mapping())(event))
    except MappingResolutionError as error:
        assert str(error)

"""Payloads of any JSON: nothing but a payload or reasons comes out, and the reasons hold no value."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.actions import load_action
from delivery.action import action_names
from delivery.fields.payload import PayloadError
from tests.unit.functions.deliveries import NOW

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([10**310, -(10**4000), "9" * 5000])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
PERSONAL = st.text(string.ascii_uppercase, min_size=12, max_size=12).flatmap(
    lambda name: st.sampled_from(
        [
            name,
            f"{name}@",
            f"{name}@{name}",
            f"{name} <{name}@example>",
            f"+44 {name}",
            f"https:{name}",
            f"{name}\r\n",
            [name, name],
            {name: name},
        ]
    )
)
CHOICES: dict[str, st.SearchStrategy[Any]] = {
    "channelIdentifier": st.sampled_from(["email", "mobileNumber"]),
    "emailSubscriptionStatus": st.just("subscribed"),
    "emailResubscribe": st.just(True),
}


def payloads(name: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Payloads of some of the action's fields, some of them with a right value, and others."""
    fields = [field.alias or key for key, field in load_action(name).payload.model_fields.items()]
    known = {field: CHOICES.get(field, values) | values for field in fields}
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


@pytest.mark.parametrize("name", action_names())
@given(data=st.data())
def test_any_json_gives_a_payload_or_reasons(name: str, data: st.DataObject) -> None:
    mapped = data.draw(payloads(name, JSON))
    payload = load_action(name).payload
    fields = {field.alias or key for key, field in payload.model_fields.items()}
    try:
        payload.read(mapped, now=NOW)
    except PayloadError as error:
        assert error.fields.keys() <= fields
        assert all(error.fields.values())


@pytest.mark.parametrize("name", action_names())
@given(data=st.data())
def test_no_reason_holds_what_was_mapped(name: str, data: st.DataObject) -> None:
    mapped = data.draw(payloads(name, PERSONAL))
    try:
        load_action(name).payload.read(mapped, now=NOW)
    except PayloadError as error:
        personal = {word for word in words(list(mapped.values())) if word.isupper()}
        assert [word for word in personal if word in str(error)] == []

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.batches.merging import merged


@pytest.mark.parametrize(
    ("updates", "expected"),
    [
        ([{"lists": [1]}], {"lists": [1]}),
        ([{"lists": [1, 2]}, {"lists": [2, 3]}], {"lists": [1, 2, 3]}),
        ([{"lists": [1]}, {}], {"lists": [1]}),
        ([{"dataFields": {"A": 1, "B": 2}}, {"dataFields": {"B": None}}], {"dataFields": {"A": 1, "B": None}}),
        (
            [{"channelProperties": {"email": {"emailType": "html"}}}, {"channelProperties": {}}],
            {"channelProperties": {"email": {"emailType": "html"}}},
        ),
        (
            [
                {"channelProperties": {"email": {"status": "unsubscribed", "emailType": "html"}}},
                {"channelProperties": {"email": {"emailType": "plainText"}, "sms": {"status": "subscribed"}}},
            ],
            {
                "channelProperties": {
                    "email": {"status": "unsubscribed", "emailType": "plainText"},
                    "sms": {"status": "subscribed"},
                }
            },
        ),
        (
            [
                {"channelProperties": {"email": {"status": "subscribed", "resubscribeOptions": {"a": 1}}}},
                {"channelProperties": {"email": {"status": "unsubscribed"}}},
            ],
            {"channelProperties": {"email": {"status": "unsubscribed"}}},
        ),
    ],
)
def test_updates_of_one_contact_become_one(updates: list[dict[str, Any]], expected: dict[str, Any]) -> None:
    assert merged(updates) == expected


_CHANNEL = st.one_of(
    st.fixed_dictionaries({}, optional={"emailType": st.sampled_from(["html", "plainText"])}),
    st.fixed_dictionaries({"status": st.just("unsubscribed")}),
    st.fixed_dictionaries(
        {"status": st.just("subscribed"), "resubscribeOptions": st.fixed_dictionaries({"challenge": st.booleans()})}
    ),
)
_UPDATE = st.fixed_dictionaries(
    {"channelProperties": st.dictionaries(st.sampled_from(["email", "sms"]), _CHANNEL)},
    optional={
        "lists": st.lists(st.integers(1, 4), min_size=1, unique=True),
        "dataFields": st.dictionaries(st.sampled_from("AB"), st.one_of(st.none(), st.integers())),
    },
)


def _after(contact: dict[str, Any], update: dict[str, Any]) -> dict[str, Any]:
    """What Dotdigital's contact is after an update: lists add up, the rest is overwritten by what is given."""
    channels = {name: dict(channel) for name, channel in contact["channels"].items()}
    for name, channel in update.get("channelProperties", {}).items():
        given_values = {key: value for key, value in channel.items() if key != "resubscribeOptions"}
        channels[name] = {**channels.get(name, {}), **given_values}
    return {
        "lists": contact["lists"] | set(update.get("lists", [])),
        "fields": {**contact["fields"], **update.get("dataFields", {})},
        "channels": {name: channel for name, channel in channels.items() if channel},
    }


@given(st.lists(_UPDATE, min_size=1, max_size=5))
def test_the_contact_is_as_after_one_update_after_the_other(updates: list[dict[str, Any]]) -> None:
    contact: dict[str, Any] = {"lists": set(), "fields": {}, "channels": {}}
    one_by_one = contact
    for update in updates:
        one_by_one = _after(one_by_one, update)
    assert _after(contact, merged(updates)) == one_by_one


@given(st.lists(_UPDATE, min_size=1, max_size=5))
def test_options_to_resubscribe_are_those_of_the_last_status(updates: list[dict[str, Any]]) -> None:
    for name in ("email", "sms"):
        given_channels = [update["channelProperties"].get(name, {}) for update in updates]
        last: dict[str, Any] = next((each for each in reversed(given_channels) if "status" in each), {})
        channel = merged(updates)["channelProperties"].get(name, {})
        assert channel.get("resubscribeOptions") == last.get("resubscribeOptions")

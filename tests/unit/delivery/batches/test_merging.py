from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.upserts import joined
from dotdigital import ContactDetails

LEFT = {"email": {"status": "unsubscribed"}}
BOTH = {"email": "kim@example.com", "mobileNumber": "447700900001"}
ASKED = {"email": {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": False}}}


@pytest.mark.parametrize(
    ("before", "update", "expected"),
    [
        ({"lists": [1, 2]}, {"lists": [2, 3]}, {"lists": [1, 2, 3]}),
        ({"lists": [1]}, {}, {"lists": [1]}),
        ({"identifiers": BOTH}, {"lists": [1]}, {"identifiers": BOTH, "lists": [1]}),
        ({"identifiers": BOTH}, {"identifiers": BOTH, "lists": [1]}, {"identifiers": BOTH, "lists": [1]}),
        ({}, {"dataFields": {}}, {"dataFields": {}}),
        ({"dataFields": {"A": 1, "B": 2}}, {"dataFields": {"B": None}}, {"dataFields": {"A": 1, "B": None}}),
        ({"channelProperties": {}}, {"dataFields": {"A": 1}}, {"channelProperties": {}, "dataFields": {"A": 1}}),
        (
            {"channelProperties": ASKED, "lists": [1]},
            {"channelProperties": {}, "dataFields": {"A": 1}},
            {"channelProperties": ASKED, "lists": [1], "dataFields": {"A": 1}},
        ),
        (
            {"channelProperties": ASKED},
            {"channelProperties": ASKED, "lists": [1]},
            {"channelProperties": ASKED, "lists": [1]},
        ),
    ],
)
def test_data_fields_and_lists_come_to_the_same_in_one_call(
    before: ContactDetails, update: ContactDetails, expected: ContactDetails
) -> None:
    assert joined(before, update) == expected


@pytest.mark.parametrize(
    ("before", "update"),
    [
        ({"channelProperties": LEFT}, {"channelProperties": ASKED}),
        ({"channelProperties": ASKED}, {"channelProperties": LEFT}),
        ({"channelProperties": {"email": {"status": "subscribed"}}}, {"channelProperties": ASKED}),
        ({"lists": [1]}, {"channelProperties": LEFT}),
        ({"dataFields": {"A": 1}}, {"channelProperties": {"email": {"optInType": "verifiedDouble"}}}),
        ({"channelProperties": LEFT}, {"channelProperties": {"email": {"emailType": "html"}}}),
        ({"channelProperties": LEFT}, {"channelProperties": {"sms": {"status": "subscribed"}}}),
        ({"dataFields": {}}, {"consentRecords": [{"text": "Yes"}]}),
        ({"preferences": [{"id": 1, "isOptedIn": False}]}, {"preferences": [{"id": 1, "isOptedIn": True}]}),
        ({"dataFields": {}}, {"identifiers": BOTH}),
        ({"identifiers": BOTH}, {"identifiers": {**BOTH, "mobileNumber": "447700900123"}}),
        ({"lists": [*range(1, 101)]}, {"lists": [101]}),
    ],
)
def test_what_acts_on_the_state_before_goes_after_it(before: ContactDetails, update: ContactDetails) -> None:
    assert joined(before, update) is None


@given(st.lists(st.dictionaries(st.sampled_from("ABC"), st.none() | st.integers(1, 4)), min_size=1))
def test_of_a_data_field_the_last_value_counts(updates: list[dict[str, Any]]) -> None:
    whole: ContactDetails = {}
    for update in updates:
        both = joined(whole, {"dataFields": update})
        assert both is not None
        whole = both
    assert whole["dataFields"] == {name: value for update in updates for name, value in update.items()}

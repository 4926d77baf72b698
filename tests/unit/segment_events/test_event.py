from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_events import Event, EventError, read_event
from tests.support.segment import track

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=10,
)
KEYS = ("messageId", "type", "userId", "anonymousId", "event", "timestamp", "context", "integrations", "properties")


@pytest.mark.parametrize("kind", ["identify", "track", "page", "screen", "group", "alias", "delete"])
def test_reads_every_call_and_the_deletion_notice(kind: str) -> None:
    assert read_event(track() | {"type": kind}).type == kind


def test_reads_what_the_delivery_looks_at() -> None:
    event = read_event(track(phone="+447700900123") | {"receivedAt": "2026-11-20T10:05:08.236Z", "version": 2})
    assert event == Event("track", "ajs-next-0001", "Send SMS", "2026-11-20T10:05:07.833Z", refuses_dotdigital=False)


def test_reads_a_deletion_notice_whose_objects_are_lists() -> None:
    event = read_event({"type": "delete", "messageId": "delete-1", "context": [], "integrations": [], "userId": "u"})
    assert event == Event("delete", "delete-1", None, None, refuses_dotdigital=False)


@pytest.mark.parametrize(
    ("integrations", "refuses"),
    [
        ({"Dotdigital": False}, True),
        ({"Dotdigital": True}, False),
        ({"Dotdigital": None}, False),
        ({"Dotdigital": 0}, False),
        ({"All": False}, False),
        ([], False),
        (None, False),
    ],
)
def test_the_integrations_object_may_refuse_dotdigital(integrations: Any, refuses: bool) -> None:
    assert read_event(track() | {"integrations": integrations}).refuses_dotdigital is refuses


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, JSON)))
def test_odd_values_are_read_or_named_and_never_shown(odd: dict[str, Any]) -> None:
    try:
        read_event(track() | odd)
    except EventError as error:
        assert set(error.fields) <= {"messageId", "type"}


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        ([], {"event": "must be a JSON object"}),
        (None, {"event": "must be a JSON object"}),
        ({}, {"type": "is required", "messageId": "is required"}),
        ({"type": "track"}, {"messageId": "is required"}),
        ({"type": "track", "messageId": 7}, {"messageId": "must be text"}),
        ({"type": "track", "messageId": ""}, {"messageId": "must be text"}),
        (
            {"type": None, "messageId": None},
            {
                "type": "must be one of 'identify', 'track', 'page', 'screen', 'group', 'alias' or 'delete'",
                "messageId": "must be text",
            },
        ),
        (
            {"type": "TRACK", "messageId": "1"},
            {"type": "must be one of 'identify', 'track', 'page', 'screen', 'group', 'alias' or 'delete'"},
        ),
    ],
)
def test_names_each_field_at_fault(raw: Any, fields: dict[str, str]) -> None:
    with pytest.raises(EventError) as caught:
        read_event(raw)
    assert caught.value.fields == fields

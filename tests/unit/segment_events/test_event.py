from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_events import EventError, read_event
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


def test_reads_what_the_delivery_looks_at_and_keeps_the_rest() -> None:
    event = read_event(track(phone="+447700900123") | {"receivedAt": "2026-11-20T10:05:08.236Z", "version": 2})
    assert event.model_dump(by_alias=True) == {
        "type": "track",
        "messageId": "ajs-next-0001",
        "userId": "user-1",
        "anonymousId": None,
        "event": "Send SMS",
        "timestamp": "2026-11-20T10:05:07.833Z",
        "context": {"library": {"name": "analytics.js", "version": "next-1.77.0"}},
        "integrations": {},
        "properties": {"phone": "+447700900123"},
        "traits": {},
        "receivedAt": "2026-11-20T10:05:08.236Z",
        "version": 2,
    }


def test_reads_a_deletion_notice_whose_objects_are_lists() -> None:
    event = read_event({"type": "delete", "messageId": "delete-1", "context": [], "integrations": [], "userId": "u"})
    assert (event.context, event.integrations, event.user_id) == ({}, {}, "u")


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

"""Where our triggers do better than Segment's: docs/compatibility names the fault of each."""

from typing import Any

import pytest

from segment_events.fql import TriggerError, compile_trigger

EVENT = {
    "type": "track",
    "event": "Basket Filled",
    "userId": "u-9",
    "messageId": "m-1",
    "anonymousId": "anon",
    "properties": {
        "total": 50,
        "gift": True,
        "plain": False,
        "zero": 0,
        "nested": {"deep": {"level": 3}},
        "dotted.key": "raw",
        "items": [{"sku": "S-1"}],
        "1st": 1,
        "or": "here",
        "größe": "M",
        "quoted": 'a"b',
        "backslash": "a\\b",
    },
}


def decide(fql: str, event: dict[str, Any] = EVENT) -> bool:
    return compile_trigger(fql)(event)


def test_and_binds_tighter_than_or() -> None:
    assert decide('type = "track" or event = "No" and userId = "nobody"') is True
    assert decide('type = "page" and event = "No" or userId = "u-9"') is True
    assert decide('type = "page" and (event = "No" or userId = "u-9")') is False


def test_a_call_does_not_end_its_group() -> None:
    fql = 'type = "identify" and (contains(event, "Basket") or contains(event, "Cart"))'
    assert decide(fql) is False
    assert decide(fql, EVENT | {"type": "identify"}) is True


def test_groups_nest() -> None:
    assert decide('((type = "track"))') is True
    assert decide('type = "track" and (event = "No" or (userId = "u-9" and name = "x"))') is False


def test_a_negated_group_is_negated() -> None:
    assert decide('!(type = "track")') is False
    assert decide('!(type = "page" or event = "No")') is True


def test_words_in_capitals_join() -> None:
    assert decide('event = "No" OR event = "Basket Filled"') is True
    assert decide('event = "No" AND event = "Basket Filled"') is False
    assert decide('NOT event = "No"') is True


def test_every_identifier_is_a_field() -> None:
    assert decide('type = "track" and messageId = "other"') is False
    assert decide('type = "page" or anonymousId = "anon"') is True
    assert decide('contains(type, "page") or contains(messageId, "m-")') is True


def test_a_boolean_that_differs_is_told_from_one_that_does_not() -> None:
    assert decide("properties.gift != true") is False
    assert decide("properties.plain != true") is True
    assert decide("properties.missing != true") is True


def test_a_star_may_stand_anywhere() -> None:
    assert decide('match(event, "Bas*led")') is True
    assert decide('match(event, "*ket*")') is True


def test_a_pattern_without_a_star_is_the_whole_text() -> None:
    assert decide('match(event, "asket Filled")') is False
    assert decide('match(event, "Basket Filled")') is True


def test_single_quotes_enclose_a_text() -> None:
    assert decide("match(event, 'Basket*')") is True
    assert decide("type = 'track'") is True


def test_a_quote_can_be_escaped() -> None:
    assert decide(r'properties.quoted = "a\"b"') is True


def test_a_backslash_can_be_escaped() -> None:
    assert decide(r'properties.backslash = "a\\b"') is True
    assert decide(r'properties.backslash = "a\b"') is True


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(TriggerError, match="column 8: expected a value"):
        decide("type = ", {"type": "eos"})


def test_an_index_reaches_into_a_list() -> None:
    assert decide('properties.items[0].sku = "S-1"') is True
    assert decide('properties.items.0.sku = "S-1"') is True
    assert decide(r'properties.items\[0\].sku = "S-1"') is True
    assert decide("properties.items[1].sku = null") is True


def test_names_may_begin_with_a_digit_be_words_or_hold_any_letter() -> None:
    assert decide("properties.1st = 1") is True
    assert decide('properties.or = "here"') is True
    assert decide('properties.größe = "M"') is True


def test_a_number_may_have_an_exponent() -> None:
    assert decide("properties.total = 5e1") is True
    assert decide("properties.total = 5e0") is False


def test_only_what_the_event_holds_is_read() -> None:
    assert decide("properties.constructor != null") is False
    assert decide("properties.__proto__ != null") is False
    assert decide("properties.items.length = 1") is False


def test_a_name_with_a_dot_can_be_reached() -> None:
    assert decide(r'properties.dotted\.key = "raw"') is True
    assert decide(r"properties.nested\.deep\.level = 3") is True


def test_the_way_through_a_value_that_is_no_object_finds_nothing() -> None:
    assert decide("properties.zero.more = 0") is False
    assert decide("properties.zero.more = null") is True


def test_what_segment_skips_is_an_error() -> None:
    for fql in (
        'type = "track" and',
        'type = "track" event = "No"',
        'type = "track")',
        'type in ["track"]',
        'groupID = "g" and type = "track"',
    ):
        with pytest.raises(TriggerError):
            decide(fql)

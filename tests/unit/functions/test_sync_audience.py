from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.actions import load_action
from delivery.contacts import people_of
from delivery.fields.payload import PayloadError
from delivery.outcome import Outcome
from dev.sandbox.server import Sandbox
from segment_events import compile_mapping, compile_trigger
from tests.support.deliveries import (
    NOW,
    client_of,
    deliver,
    delivered,
    left_by_batch,
    left_one_by_one,
    skipped,
    wrong_fields,
)
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "sync_audience"
MEMBER = {"email": "noor@example.com", "vips": True}
PAYLOAD: dict[str, Any] = {
    "segment_computation_action": "audience",
    "computation_key": "vips",
    "external_audience_id": "411",
    "emailIdentifier": "noor@example.com",
    "traits_or_props": MEMBER,
}
LEFT = {"traits_or_props": {**MEMBER, "vips": False}}
PATH = "/contacts/v3/email/noor%40example.com"
GET = Sent("GET", PATH)
PATCH = Sent(
    "PATCH",
    PATH,
    "merge-option=overwrite",
    {"identifiers": {"email": "noor@example.com"}, "channelProperties": {}, "lists": [411]},
)
REMOVE = Sent("DELETE", "/v2/address-books/411/contacts/5001")
ON_THE_LIST = (200, {"contactId": 5001, "lists": [{"id": 411}]})
UPSERTED = (200, {"contactId": 5001})
UNKNOWN = (404, {"errorCode": "contacts:contactNotFound"})
DONE = delivered(ACTION, contactId=5001, listId=411)
BY_PHONE = {"emailIdentifier": None, "mobileNumberIdentifier": "+447700900123"}


def sync(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


@pytest.mark.parametrize("differences", [{}, {"mobileNumberIdentifier": "+44 7700 900123"}])
def test_who_enters_is_added_to_the_list_and_subscribed_to_nothing(
    server: DotdigitalServer, differences: dict[str, Any]
) -> None:
    server.responds(UPSERTED)
    assert sync(server, **differences) == DONE
    assert server.sent == [PATCH]


@pytest.mark.parametrize("said", ["true", True, "True", " TRUE "])
def test_true_may_be_text(server: DotdigitalServer, said: Any) -> None:
    server.responds(UPSERTED)
    assert sync(server, traits_or_props={"vips": said}).outcome == "delivered"
    assert server.sent == [PATCH]


@pytest.mark.parametrize("said", ["false", False, "False "])
def test_who_leaves_is_taken_off_the_list_and_stays_a_contact(server: DotdigitalServer, said: Any) -> None:
    server.responds(ON_THE_LIST, 204)
    assert sync(server, traits_or_props={"vips": said}) == DONE
    assert server.sent == [GET, REMOVE]


def test_leaving_can_be_ignored(server: DotdigitalServer) -> None:
    reason = "the contact left the audience, and the exit policy is to ignore that"
    assert sync(server, **LEFT, exitPolicy="ignore") == skipped(ACTION, reason)
    assert server.sent == []


def test_leaving_can_unsubscribe_from_the_list_alone(server: DotdigitalServer) -> None:
    unsubscribed = {"suppressedContact": {}, "dateRemoved": "2026-05-31T09:30:00Z", "reason": "Unsubscribed"}
    server.responds(ON_THE_LIST, (200, unsubscribed))
    assert sync(server, **LEFT, exitPolicy="unsubscribe") == DONE
    unsubscribe = Sent("POST", "/v2/address-books/411/contacts/unsubscribe", "", {"email": "noor@example.com"})
    assert server.sent == [GET, unsubscribe]


@pytest.mark.parametrize("policy", ["remove", "unsubscribe"])
def test_nobody_is_made_to_leave(server: DotdigitalServer, policy: str) -> None:
    server.responds(UNKNOWN)
    assert sync(server, **LEFT, exitPolicy=policy) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


def test_unsubscribing_needs_an_address(server: DotdigitalServer) -> None:
    outcome = sync(server, **LEFT, **BY_PHONE, exitPolicy="unsubscribe")
    assert (outcome.outcome, server.sent) == ("rejected", [])


@pytest.mark.parametrize(
    ("identifiers", "channel"),
    [
        ({}, "email"),
        ({"mobileNumberIdentifier": "+447700900123"}, "email"),
        (BY_PHONE, "sms"),
        ({**BY_PHONE, "emailIdentifier": " "}, "sms"),
    ],
)
def test_entering_subscribes_to_the_channel_given_where_the_subscription_asks_for_it(
    server: DotdigitalServer, identifiers: dict[str, Any], channel: str
) -> None:
    server.responds(UPSERTED)
    sync(server, **identifiers, subscribeOnEntry=True)
    options = {"resubscribeOptions": {"resubscribeWithNoChallenge": True}} if channel == "email" else {}
    assert server.sent[0].body["channelProperties"] == {channel: {"status": "subscribed", **options}}


def test_data_fields_are_written_on_entry_and_do_not_hinder_an_exit(server: DotdigitalServer) -> None:
    server.responds((200, [{"name": "CITY", "type": "String"}]), UPSERTED)
    sync(server, dataFields={"city": "Leeds"})
    assert server.sent[1] == PATCH._replace(body={**PATCH.body, "dataFields": {"CITY": "Leeds"}})
    server.responds(ON_THE_LIST, 204)
    assert sync(server, **LEFT, dataFields={"SHOE": "1"}).outcome == "delivered"


def test_a_journeys_step_that_says_neither_is_an_entry(server: DotdigitalServer) -> None:
    server.responds(UPSERTED)
    assert sync(server, segment_computation_action="journey_step", traits_or_props={}).outcome == "delivered"
    assert server.sent == [PATCH]


NEITHER = "must say true or false under the audience's key"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        *(("traits_or_props", {"vips": said}, NEITHER) for said in (None, 1, 0, "yes", [True])),
        ("traits_or_props", {}, NEITHER),
        ("segment_computation_action", "trait", "must be one of 'audience' or 'journey_step'"),
        ("computation_key", None, "is required"),
        ("external_audience_id", "sixty", "must be a whole number above 0, an id as Dotdigital shows it"),
        ("external_audience_id", "  ", "is required"),
        ("emailIdentifier", None, "is required, or mobileNumberIdentifier"),
        ("exitPolicy", "delete", "must be one of 'remove', 'unsubscribe' or 'ignore'"),
    ],
)
def test_what_is_wrong_is_rejected_before_any_request(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    assert sync(server, **{field: value}) == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


PERSONAS = {"computation_class": "audience", "computation_key": "vips", "external_audience_id": "411"}


@pytest.mark.parametrize(
    "event",
    [
        {"type": "identify", "traits": MEMBER},
        {"type": "identify", "traits": MEMBER, "properties": {}},
        {"type": "track", "event": "Audience Entered", "properties": {**MEMBER, "audience_key": "vips"}},
        {"type": "track", "properties": {"vips": True}, "context": {"traits": {"email": "noor@example.com"}}},
    ],
    ids=["identify", "empty properties", "track", "track with the address in context.traits"],
)
def test_engages_events_by_the_default_mapping(server: DotdigitalServer, event: dict[str, Any]) -> None:
    action = load_action(ACTION)
    event = {**event, "context": {**event.get("context", {}), "personas": PERSONAS}}
    assert compile_trigger(action.trigger)(event)
    server.responds(UPSERTED)
    mapped = compile_mapping(action.payload.default_mapping())(event)
    assert deliver(server, ACTION, mapped).outcome == "delivered"
    assert server.sent == [PATCH]


WORDS = st.text(alphabet="truefalsTRUEFALS ") | st.sampled_from(["TRUE", " true", "False ", "tr ue", "truefalse"])


@given(st.dictionaries(st.sampled_from(["vips", "email"]), st.none() | st.booleans() | st.integers() | WORDS))
def test_nobody_enters_or_leaves_but_by_a_word_that_says_so(traits: dict[str, Any]) -> None:
    said = traits.get("vips")
    word = said.strip(" ").lower() if isinstance(said, str) else said
    expected = True if word is True or word == "true" else False if word is False or word == "false" else None
    try:
        entered = load_action(ACTION).payload.read({**PAYLOAD, "traits_or_props": traits}, now=NOW).entered
    except PayloadError:
        entered = None
    assert entered is expected


def perform_many(sandbox: Sandbox, *differences: dict[str, Any]) -> list[Any]:
    """Perform payloads as one batch against the sandbox, whose list 301 is the audience."""
    action = load_action(ACTION)
    shared = {**PAYLOAD, "external_audience_id": 301}
    payloads = [action.payload.read({**shared, **difference}, now=NOW) for difference in differences]
    dotdigital = client_of(sandbox)
    assert action.perform_many is not None
    return list(action.perform_many(payloads, people_of(payloads, dotdigital), dotdigital))


def members(sandbox: Sandbox) -> set[str]:
    contacts: Any = sandbox.state.describe()["contacts"]
    return {each["identifiers"]["email"] for each in contacts if any(one["id"] == 301 for one in each["lists"])}


def people(number: int) -> list[dict[str, Any]]:
    return [{"emailIdentifier": f"person{one}@example.com"} for one in range(number)]


def test_a_batch_enters_by_one_import_and_leaves_by_one_call_of_the_list(sandbox: Sandbox) -> None:
    before = members(sandbox)
    assert [result.list_id for result in perform_many(sandbox, *people(60)) if result.contact_id] == [301] * 60
    assert Counter(call.method for call in sandbox.requests) == {"PUT": 1, "GET": 1}
    assert len(members(sandbox) - before) == 60
    leaving = [{**person, **LEFT} for person in people(60)]
    assert [result.list_id for result in perform_many(sandbox, *leaving) if result.contact_id] == [301] * 60
    assert Counter(call.method for call in sandbox.requests)["POST"] == 1
    assert members(sandbox) == before
    assert [effect.effect for effect in sandbox.journal if "deleted" in effect.effect] == []


def test_whoever_enters_and_leaves_in_one_batch_does_so_in_order(sandbox: Sandbox) -> None:
    before = members(sandbox)
    one, two = people(2)
    results = perform_many(sandbox, one, {**two, **LEFT}, {**one, **LEFT}, two)
    assert [type(result).__name__ for result in results] == ["Ids", "Skipped", "Ids", "Ids"]
    assert members(sandbox) - before == {"person1@example.com"}


def test_what_is_to_be_tried_again_holds_up_what_came_after_it(sandbox: Sandbox) -> None:
    before = members(sandbox)
    one = people(1)[0]
    sandbox.fail("status", method="PATCH", status=503)
    results = perform_many(sandbox, one, {**one, **LEFT})
    assert [type(result).__name__ for result in results] == ["UnavailableError", "UnavailableError"]
    assert members(sandbox) == before


def test_somebody_unknown_does_not_hinder_the_others_from_leaving(sandbox: Sandbox) -> None:
    perform_many(sandbox, *people(1))
    results = perform_many(sandbox, {**people(1)[0], **LEFT}, {"emailIdentifier": "nobody@example.com", **LEFT})
    assert [type(result).__name__ for result in results] == ["Ids", "Skipped"]


_LIST = st.sampled_from([{"external_audience_id": number} for number in (301, 302)])
_PERSON = st.sampled_from(
    [
        {"emailIdentifier": "kim@example.com"},
        {"emailIdentifier": None, "mobileNumberIdentifier": "+447700900001"},
        {"emailIdentifier": "KIM@example.com", "mobileNumberIdentifier": "+447700900001"},
        {"emailIdentifier": "sam@example.com"},
        {"emailIdentifier": "new@example.com", "mobileNumberIdentifier": "+447700900005"},
        {"emailIdentifier": None, "mobileNumberIdentifier": "+447700900005"},
        {"emailIdentifier": None, "mobileNumberIdentifier": "+447700900009"},
    ]
)
_WAY = st.sampled_from(
    [
        {},
        {"subscribeOnEntry": True},
        {"dataFields": {"CITY": "Leeds"}},
        {"dataFields": {"CITY": "Cork"}},
        LEFT,
        LEFT,
        {**LEFT, "exitPolicy": "unsubscribe"},
        {**LEFT, "exitPolicy": "ignore"},
    ]
)
_EVENTS = st.lists(
    st.builds(
        lambda *said: {name: value for each in (PAYLOAD, *said) for name, value in each.items()}, _LIST, _PERSON, _WAY
    ),
    min_size=2,
    max_size=10,
)


@settings(max_examples=100)
@given(_EVENTS)
def test_a_few_come_and_go_as_one_after_the_other(sandbox_server: Sandbox, events: list[dict[str, Any]]) -> None:
    holds_for(events, sandbox_server)


@settings(max_examples=30)
@given(_EVENTS)
def test_many_come_and_go_as_one_after_the_other(sandbox_server: Sandbox, events: list[dict[str, Any]]) -> None:
    ways = [{}, LEFT]
    others = [{**PAYLOAD, "external_audience_id": 301, **one, **ways[n % 2]} for n, one in enumerate(people(50))]
    holds_for([*others, *events], sandbox_server)


def holds_for(events: list[dict[str, Any]], sandbox: Sandbox) -> None:
    action = load_action(ACTION)
    sandbox.reset()
    expected = left_one_by_one(sandbox, action, events)
    sandbox.reset()
    found = left_by_batch(sandbox, action, events)
    assert found.contacts == expected.contacts
    assert found.effects == expected.effects


BY_NUMBER = {"emailIdentifier": None, "mobileNumberIdentifier": "+447700900001"}
BY_ADDRESS = {"emailIdentifier": "kim@example.com"}


@pytest.mark.parametrize(("first", "then", "is_member"), [(LEFT, {}, True), ({}, LEFT, False)])
@pytest.mark.parametrize("others", [0, 60], ids=["few", "many"])
def test_one_person_by_number_and_by_address_is_one(
    sandbox: Sandbox, others: int, first: dict[str, Any], then: dict[str, Any], is_member: bool
) -> None:
    perform_many(sandbox, *people(others), {**BY_NUMBER, **first}, {**BY_ADDRESS, **then})
    assert ("kim@example.com" in members(sandbox)) is is_member


def test_of_what_is_not_known_to_be_one_person_exits_come_first(sandbox: Sandbox) -> None:
    sandbox.fail("status", method="GET", path="mobileNumber", status=503)
    perform_many(sandbox, {**BY_ADDRESS, "external_audience_id": 302}, {**BY_NUMBER, **LEFT}, *people(60))
    assert [f"{call.method} {call.path}" for call in sandbox.requests if call.method != "GET"] == [
        "POST /v2/address-books/301/contacts/delete",
        "PUT /contacts/v3/import",
    ]


def test_nobody_is_looked_up_where_all_are_named_alike(sandbox: Sandbox) -> None:
    perform_many(sandbox, *people(60))
    assert Counter(call.path.split("/")[3] for call in sandbox.requests) == {"import": 2}


def test_who_left_and_enters_again_is_subscribed_without_a_question_where_the_subscription_asks_for_it(
    sandbox: Sandbox,
) -> None:
    events = [{**PAYLOAD, "external_audience_id": 302, "emailIdentifier": "sam@example.com", "subscribeOnEntry": True}]
    found = left_by_batch(sandbox, load_action(ACTION), events)
    assert found.contacts[("sam@example.com",)]["channelProperties"]["email"]["status"] == "subscribed"
    assert [effect for effect, _ in found.effects[("sam@example.com",)]] == ["status_changed", "list_joined"]

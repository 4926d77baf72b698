"""A batch leaves each contact as one event after the other would, and asks it by e-mail as often."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cli.actions import load_action
from delivery.action import EARLIER
from delivery.upserts import BULK_FROM, Update, Upserted, joined, upsert_all, upsert_many
from dev.sandbox.server import Sandbox
from dotdigital import ContactDetails, Dotdigital, DotdigitalError, Identifier
from tests.support.deliveries import left_by_batch, left_one_by_one
from tests.support.dotdigital_server import DotdigitalServer

Payload = dict[str, Any]
ACTION: Final = load_action("add_contact_to_list")
KIMS_NAME: Final = ("447700900001", "kim@example.com")
SUBSCRIBE: Final = {"emailSubscriptionStatus": "subscribed", "emailResubscribe": True}
LEAVE: Final = {"emailSubscriptionStatus": "unsubscribed"}


def by_email(address: str, number: str | None = None) -> Payload:
    """A payload about who has the address, and the number too where there is one."""
    also = {} if number is None else {"alsoSetMobileNumber": True, "mobileNumberIdentifier": f"+4477009{number}"}
    return {"channelIdentifier": "email", "emailIdentifier": address, **also}


def by_number(number: str) -> Payload:
    return {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": f"+4477009{number}"}


def city(name: str) -> Payload:
    return {"dataFields": {"CITY": name}}


KIM: Final = by_email("kim@example.com")
OTHERS: Final = [by_email(f"other{n}@example.com") for n in range(50)]
PEOPLE = st.sampled_from(
    [
        *map(by_email, ("kim@example.com", "Kim@Example.COM", "sam@example.com", "noor@example.org")),
        *map(by_email, ("deleted@example.org", "new@example.com")),
        *map(by_number, ("00001", "00005", "00009")),
        *(by_email("kim@example.com", number) for number in ("00001", "00011")),
        *(by_email(f"{name}@example.com", number) for name, number in (("new", "00009"), ("other", "00009"))),
        by_email("sam@example.com", "00005"),
    ]
)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "emailType": st.sampled_from(["html", "plainText"]),
        "optInType": st.sampled_from(["single", "verifiedDouble"]),
        "emailSubscriptionStatus": st.sampled_from(["subscribed", "unsubscribed", "suppressed"]),
        "emailResubscribe": st.booleans(),
        "resubscribeWithoutChallengeEmail": st.booleans(),
        "smsSubscriptionStatus": st.sampled_from(["subscribed", "unsubscribed"]),
        "listId": st.sampled_from([301, 302, 999]),
        "dataFields": st.dictionaries(
            st.sampled_from(["CITY", "points", "POINTS", "NONE"]), st.sampled_from([None, "1", "Leeds"]), max_size=2
        ),
    },
)
EVENTS = st.lists(st.builds(lambda person, said: person | said, PEOPLE, SAID), min_size=2, max_size=8)
CAME_BACK = example([KIM | LEAVE, KIM | SUBSCRIBE])
REFUSED_BETWEEN = example([KIM | {"listId": 301}, KIM | {"listId": 999}, KIM | LEAVE, KIM | {"listId": 302}])
TWO_NAMES = example([KIM | city("Cork"), by_number("00001") | city("Leeds"), KIM | city("York")])
NEW_NUMBER = example([by_email("kim@example.com", "00011") | city("Cork"), by_number("00011") | city("Leeds")])


@settings(max_examples=150)
@given(EVENTS)
@CAME_BACK
@REFUSED_BETWEEN
@TWO_NAMES
@NEW_NUMBER
def test_a_few_events(sandbox_server: Sandbox, events: list[Payload]) -> None:
    holds_for(events, sandbox_server)


@settings(max_examples=15)
@given(EVENTS)
@CAME_BACK
@REFUSED_BETWEEN
@TWO_NAMES
@NEW_NUMBER
def test_many_events(sandbox_server: Sandbox, events: list[Payload]) -> None:
    holds_for([*OTHERS, *events], sandbox_server)


def holds_for(events: list[Payload], sandbox: Sandbox) -> None:
    sandbox.reset()
    expected = left_one_by_one(sandbox, ACTION, events)
    sandbox.reset()
    found = left_by_batch(sandbox, ACTION, events)
    assert found.contacts == expected.contacts
    assert found.effects == expected.effects
    assert found.kinds == expected.kinds


@pytest.mark.parametrize(("method", "others"), [("PATCH", []), ("PUT", OTHERS)], ids=["few", "many"])
def test_what_comes_after_an_event_that_is_to_be_tried_again_waits_as_long(
    sandbox: Sandbox, method: str, others: list[Payload]
) -> None:
    sandbox.fail("status", method=method, status=429, headers={"X-RateLimit-Remaining": None})
    found = left_by_batch(sandbox, ACTION, [KIM | LEAVE, KIM | SUBSCRIBE, KIM, *others])
    first, second, third = found.outcomes[:3]
    assert (found.kinds, found.effects) == (["retry"] * len(found.outcomes), {})
    assert second == third
    assert (second.reason, second.retry_after) == (EARLIER, first.retry_after)


def test_what_comes_after_an_event_whose_data_fields_cannot_be_looked_up_waits(sandbox: Sandbox) -> None:
    sandbox.fail("status", method="GET", path="data-fields", status=503)
    found = left_by_batch(sandbox, ACTION, [KIM | LEAVE | city("Cork"), KIM | SUBSCRIBE])
    assert (found.kinds, found.effects) == (["retry", "retry"], {})
    assert found.outcomes[1].reason == EARLIER


@pytest.mark.parametrize("others", [[], OTHERS], ids=["few", "many"])
def test_a_number_of_another_contact_is_told_and_takes_no_other_with_it(
    sandbox: Sandbox, others: list[Payload]
) -> None:
    conflict = by_email("kim@example.com", "00005")
    found = left_by_batch(sandbox, ACTION, [*others, KIM | {"listId": 302}, conflict, KIM | {"listId": 303}])
    assert found.kinds == ["delivered"] * (len(others) + 1) + ["rejected", "delivered"]
    assert (found.outcomes[-2].dotdigital or {}) == {"status": 409, "code": "contacts:idAlreadyExists"}
    assert "the address and the mobile number are two contacts'" in (found.outcomes[-2].reason or "")
    assert {each["id"] for each in found.contacts[KIMS_NAME]["lists"]} >= {302, 303}


def test_many_who_are_given_a_number_are_one_import(sandbox: Sandbox) -> None:
    names = [(f"other{n}@example.com", f"010{n:02}") for n in range(BULK_FROM)]
    found = left_by_batch(sandbox, ACTION, [by_email(*name) for name in names])
    assert set(found.kinds) == {"delivered"}
    assert found.contacts.keys() >= {(f"4477009{number}", address) for address, number in names}
    assert [request.method for request in sandbox.requests] == ["PUT", "GET"]


def test_what_the_watchdog_refuses_is_tried_in_no_other_way(sandbox: Sandbox) -> None:
    sandbox.imports(status="RejectedByWatchdog")
    found = left_by_batch(sandbox, ACTION, [*OTHERS, KIM | {"listId": 301}, KIM | {"listId": 302}, KIM | LEAVE])
    assert (set(found.kinds), found.effects) == ({"rejected"}, {})
    assert [request.method for request in sandbox.requests] == ["PUT", "GET"]


def refusal(code: str = "contacts:badJson") -> dict[str, str]:
    return {"errorCode": code, "description": "no"}


def contacts(number: int) -> dict[Identifier, ContactDetails]:
    return {Identifier("email", f"c{each}@example.com"): {} for each in range(number)}


def taken(*numbers: int) -> list[tuple[int, Any]]:
    """The responses to an import of these contacts that is finished at once."""
    created = [{"identifiers": {"email": f"c{each}@example.com"}, "contactId": 1000 + each} for each in numbers]
    return [(202, {"importId": f"import-{numbers[0]}"}), (200, {"status": "Finished", "created": created})]


def told(results: Mapping[Identifier, Upserted]) -> list[Any]:
    """The id of each contact, or the status and the code of its error."""
    return [(each.status, each.code) if isinstance(each, DotdigitalError) else each for each in results.values()]


@pytest.mark.parametrize("status", [400, 413])
@pytest.mark.parametrize("halves", [(BULK_FROM, BULK_FROM), (BULK_FROM + 1, BULK_FROM)])
def test_an_import_that_is_refused_for_what_it_holds_or_its_size_goes_out_in_halves(
    dotdigital: Dotdigital, server: DotdigitalServer, status: int, halves: tuple[int, int]
) -> None:
    first, whole = halves[0], sum(halves)
    server.responds((status, refusal()), *taken(*range(first)), *taken(*range(first, whole)))
    assert told(upsert_all(contacts(whole), dotdigital)) == [1000 + each for each in range(whole)]
    assert [len(sent.body["contacts"]) for sent in server.sent if sent.method == "PUT"] == [whole, *halves]


def test_halves_that_are_small_go_out_one_by_one_so_that_the_contact_at_fault_stands_alone(
    dotdigital: Dotdigital, server: DotdigitalServer
) -> None:
    expected: list[Any] = [1000 + each for each in range(BULK_FROM)]
    responses: list[Any] = [(200, {"contactId": each}) for each in expected]
    responses[3:5], expected[3:5] = [(400, refusal()), (200, {"contactId": None})], [(400, "contacts:badJson"), None]
    server.responds((400, refusal()), *responses)
    assert told(upsert_all(contacts(BULK_FROM), dotdigital)) == expected


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        *(([(status, refusal())], (status, "contacts:badJson")) for status in (401, 404, 422, 429, 503)),
        *(([(400, refusal(code))], (400, code)) for code in ("accounts:maxAccountLimit", "ERROR_FEATURENOTACTIVE")),
        *(
            ([(202, {"importId": "import-1"}), (200, {"status": status})], (None, status))
            for status in ("RejectedByWatchdog", "ExceedsAllowedContactLimit", "Failed")
        ),
    ],
)
def test_what_is_said_of_the_import_as_a_whole_is_said_of_every_contact_and_asked_for_once(
    dotdigital: Dotdigital, server: DotdigitalServer, responses: list[Any], expected: Any
) -> None:
    server.responds(*responses)
    assert told(upsert_all(contacts(BULK_FROM), dotdigital)) == [expected] * BULK_FROM


def test_updates_of_two_contacts_that_only_unicode_calls_one_are_two(
    dotdigital: Dotdigital, server: DotdigitalServer
) -> None:
    addresses = ["\u0130da@example.com", "i\u0307da@example.com"]
    server.responds((200, {"contactId": 41}), (200, {"contactId": 42}))
    updates = [Update(Identifier("email", address), {"lists": [7]}) for address in addresses]
    assert upsert_many(updates, dotdigital) == [41, 42]
    assert [sent.body["identifiers"]["email"] for sent in server.sent] == addresses


BOTH = {"email": "kim@example.com", "mobileNumber": "447700900001"}
LEFT = {"email": {"status": "unsubscribed"}}
ASKED = {"email": {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": False}}}


@pytest.mark.parametrize(
    ("before", "update", "expected"),
    [
        ({"lists": [1, 2]}, {"lists": [2, 3]}, {"lists": [1, 2, 3]}),
        ({"lists": [1]}, {}, {"lists": [1]}),
        ({"lists": [*range(99)]}, {"lists": [99]}, {"lists": [*range(100)]}),
        ({"identifiers": BOTH}, {"lists": [1]}, {"identifiers": BOTH, "lists": [1]}),
        ({"identifiers": BOTH}, {"identifiers": BOTH, "lists": [1]}, {"identifiers": BOTH, "lists": [1]}),
        ({}, {"dataFields": {}}, {"dataFields": {}}),
        ({"dataFields": {"A": 1, "B": 2}}, {"dataFields": {"B": None}}, {"dataFields": {"A": 1, "B": None}}),
        ({"channelProperties": {}}, {"dataFields": {"A": 1}}, {"channelProperties": {}, "dataFields": {"A": 1}}),
        ({"channelProperties": ASKED}, {"channelProperties": {}}, {"channelProperties": ASKED}),
        ({"channelProperties": ASKED}, {"channelProperties": ASKED}, {"channelProperties": ASKED}),
    ],
)
def test_data_fields_and_lists_come_to_the_same_in_one_request(
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

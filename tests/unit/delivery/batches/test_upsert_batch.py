"""A batch leaves each contact as one event after the other would, and asks it by e-mail as often."""

from collections import Counter
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.actions import load_action
from delivery.action import EARLIER
from dev.sandbox.server import Sandbox
from tests.support.deliveries import left_by_batch, left_one_by_one

ACTION: Final = load_action("add_contact_to_list")
KIM: Final = {"channelIdentifier": "email", "emailIdentifier": "kim@example.com"}
KIMS_NAME: Final = ("447700900001", "kim@example.com")
CONFLICT: Final = "the address and the mobile number are two contacts': merge them in Dotdigital, or correct one"
SUBSCRIBE: Final = {"emailSubscriptionStatus": "subscribed", "emailResubscribe": True}
LEAVE: Final = {"emailSubscriptionStatus": "unsubscribed"}
KIMS_OTHER_NUMBER: Final = {**KIM, "alsoSetMobileNumber": True, "mobileNumberIdentifier": "+447700900011"}
OTHERS: Final = [{"channelIdentifier": "email", "emailIdentifier": f"other{n}@example.com"} for n in range(50)]

_PEOPLE = st.sampled_from(
    [
        KIM,
        {**KIM, "emailIdentifier": "Kim@Example.COM"},
        {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900001"},
        *(
            {"channelIdentifier": "email", "emailIdentifier": f"{name}@example.{domain}"}
            for name, domain in (("sam", "com"), ("noor", "org"), ("deleted", "org"), ("new", "com"))
        ),
        {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900005"},
        {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900009"},
        {**KIM, "alsoSetMobileNumber": True, "mobileNumberIdentifier": "+447700900001"},
        KIMS_OTHER_NUMBER,
        *(
            {
                "channelIdentifier": "email",
                "emailIdentifier": f"{name}@example.com",
                "alsoSetMobileNumber": True,
                "mobileNumberIdentifier": f"+44770090000{number}",
            }
            for name, number in (("new", 9), ("other", 9), ("sam", 5))
        ),
    ]
)
_SAID = st.fixed_dictionaries(
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
            st.sampled_from(["CITY", "points", "POINTS", "NONE"]),
            st.sampled_from([None, "1", "Leeds"]),
            max_size=2,
        ),
    },
)
_EVENTS = st.lists(st.builds(lambda person, said: person | said, _PEOPLE, _SAID), min_size=2, max_size=8)


@settings(max_examples=150)
@given(_EVENTS)
def test_a_few_events(sandbox_server: Sandbox, events: list[dict[str, Any]]) -> None:
    holds_for(events, sandbox_server)


@settings(max_examples=15)
@given(_EVENTS)
def test_many_events(sandbox_server: Sandbox, events: list[dict[str, Any]]) -> None:
    holds_for([*OTHERS, *events], sandbox_server)


def holds_for(events: list[dict[str, Any]], sandbox: Sandbox) -> None:
    sandbox.reset()
    expected = left_one_by_one(sandbox, ACTION, events)
    sandbox.reset()
    found = left_by_batch(sandbox, ACTION, events)
    assert found.contacts == expected.contacts
    assert found.effects == expected.effects
    assert found.kinds == expected.kinds


@pytest.mark.parametrize("others", [[], OTHERS], ids=["few", "many"])
def test_who_left_and_came_back_with_a_question_is_asked(sandbox: Sandbox, others: list[dict[str, Any]]) -> None:
    found = left_by_batch(sandbox, ACTION, [*others, KIM | LEAVE, KIM | SUBSCRIBE])
    assert found.contacts[KIMS_NAME]["channelProperties"]["email"]["status"] == "pendingOptIn"
    assert [effect for effect, _ in found.effects[KIMS_NAME]] == ["status_changed", "status_changed", "challenge_sent"]


def test_what_comes_to_the_same_is_one_call(sandbox: Sandbox) -> None:
    same = [KIM | SUBSCRIBE | {"listId": number} for number in (301, 302)]
    left_by_batch(sandbox, ACTION, [*same, KIM | {"dataFields": {"CITY": "Cork"}}])
    assert Counter(call.method for call in sandbox.requests) == {"GET": 1, "PATCH": 1}


@pytest.mark.parametrize(("method", "others"), [("PATCH", []), ("PUT", OTHERS)], ids=["few", "many"])
def test_what_comes_after_an_event_that_is_to_be_tried_again_waits_as_long(
    sandbox: Sandbox, method: str, others: list[dict[str, Any]]
) -> None:
    sandbox.fail("status", method=method, status=429, headers={"X-RateLimit-Remaining": None})
    found = left_by_batch(sandbox, ACTION, [KIM | LEAVE, KIM | SUBSCRIBE, KIM, *others])
    first, second, third = found.outcomes[:3]
    assert (found.kinds, found.effects) == (["retry"] * len(found.outcomes), {})
    assert second == third
    assert second.reason == EARLIER
    assert (second.dotdigital or {})["retryAfter"] == (first.dotdigital or {})["retryAfter"]


def test_what_comes_after_an_event_whose_data_fields_cannot_be_looked_up_waits(sandbox: Sandbox) -> None:
    sandbox.fail("status", method="GET", path="data-fields", status=503)
    found = left_by_batch(sandbox, ACTION, [KIM | LEAVE | {"dataFields": {"CITY": "Cork"}}, KIM | SUBSCRIBE])
    assert (found.kinds, found.effects) == (["retry", "retry"], {})
    assert found.outcomes[1].reason == EARLIER


def test_a_refused_event_takes_no_other_with_it_and_the_order_stays(sandbox: Sandbox) -> None:
    said: list[dict[str, Any]] = [{"listId": 301}, {"listId": 999}, {"listId": 302}, LEAVE, {"listId": 303}]
    found = left_by_batch(sandbox, ACTION, [KIM | each for each in said])
    assert found.kinds == ["delivered", "rejected", "delivered", "delivered", "delivered"]
    assert [(each["id"], each["status"]) for each in found.contacts[KIMS_NAME]["lists"]] == [
        (301, "subscribed"),
        (302, "subscribed"),
        (303, "suppressed"),
    ]


def test_one_person_by_address_and_by_number_keeps_the_order(sandbox: Sandbox) -> None:
    by_number = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900001"}
    said = [{"dataFields": {"CITY": city}} for city in ("Cork", "Leeds", "York")]
    found = left_by_batch(sandbox, ACTION, [KIM | said[0], by_number | said[1], KIM | said[2]])
    assert found.contacts[KIMS_NAME]["dataFields"]["CITY"] == "York"
    assert [call.method for call in sandbox.requests] == ["GET", "GET", "PATCH", "PATCH", "PATCH"]


@pytest.mark.parametrize("others", [[], OTHERS], ids=["few", "many"])
def test_who_is_given_a_number_is_found_by_it_by_what_comes_after(
    sandbox: Sandbox, others: list[dict[str, Any]]
) -> None:
    by_number = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900011"}
    said = [{"dataFields": {"CITY": city}} for city in ("Cork", "Leeds")]
    found = left_by_batch(sandbox, ACTION, [*others, KIMS_OTHER_NUMBER | said[0], by_number | said[1]])
    assert set(found.kinds) == {"delivered"}
    assert found.contacts["447700900011", "kim@example.com"]["dataFields"]["CITY"] == "Leeds"


@pytest.mark.parametrize("others", [[], OTHERS], ids=["few", "many"])
def test_a_number_of_another_contact_is_told_and_takes_no_other_with_it(
    sandbox: Sandbox, others: list[dict[str, Any]]
) -> None:
    conflict = {**KIM, "alsoSetMobileNumber": True, "mobileNumberIdentifier": "+447700900005"}
    found = left_by_batch(sandbox, ACTION, [*others, KIM | {"listId": 302}, conflict, KIM | {"listId": 303}])
    assert found.kinds == ["delivered"] * (len(others) + 1) + ["rejected", "delivered"]
    assert (found.outcomes[-2].dotdigital or {}) == {"status": 409, "code": "contacts:idAlreadyExists"}
    assert CONFLICT in (found.outcomes[-2].reason or "")
    assert {each["id"] for each in found.contacts[KIMS_NAME]["lists"]} >= {302, 303}


def test_many_who_are_given_a_number_are_one_import(sandbox: Sandbox) -> None:
    given_one = [
        each | {"alsoSetMobileNumber": True, "mobileNumberIdentifier": f"+4477009001{number:02}"}
        for number, each in enumerate(OTHERS)
    ]
    found = left_by_batch(sandbox, ACTION, given_one)
    assert set(found.kinds) == {"delivered"}
    assert found.contacts.keys() >= {(f"4477009001{n:02}", f"other{n}@example.com") for n in range(len(OTHERS))}
    assert [call.method for call in sandbox.requests] == ["PUT", "GET"]


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (413, None, "delivered"),
        (400, "contacts:badJson", "delivered"),
        (400, "accounts:maxAccountLimit", "retry"),
        (400, "ERROR_FEATURENOTACTIVE", "rejected"),
        (422, None, "rejected"),
    ],
)
def test_an_import_goes_in_halves_for_its_contacts_and_its_size_and_for_nothing_else(
    sandbox: Sandbox, status: int, code: str | None, kind: str
) -> None:
    sandbox.fail("status", method="PUT", status=status, body={"errorCode": code, "description": "No"})
    twice: list[dict[str, Any]] = [KIM | {"listId": 301}, KIM | {"listId": 302}, KIM | LEAVE]
    found = left_by_batch(sandbox, ACTION, [*OTHERS, *twice])
    assert set(found.kinds) == {kind}
    assert bool(found.effects) is (kind == "delivered")


def test_what_the_watchdog_refuses_is_tried_in_no_other_way(sandbox: Sandbox) -> None:
    sandbox.imports(status="RejectedByWatchdog")
    found = left_by_batch(sandbox, ACTION, [*OTHERS, KIM | {"listId": 301}, KIM | {"listId": 302}, KIM | LEAVE])
    assert (set(found.kinds), found.effects) == ({"rejected"}, {})
    assert [call.method for call in sandbox.requests] == ["PUT", "GET"]

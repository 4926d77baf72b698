"""A batch leaves each contact as one event after the other would, and asks it by e-mail as often."""

from collections import Counter
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions import load_action
from actions.batches.batch import EARLIER
from dotdigital import RetryLaterError
from local.sandbox.server import Sandbox
from tests.support.one_by_one import kinds, left_one_by_one, left_together
from tests.unit.actions.deliveries import NOW

ACTION: Final = load_action("add_contact_to_list")
KIM: Final = {"channelIdentifier": "email", "emailIdentifier": "kim@example.com"}
SUBSCRIBE: Final = {"emailSubscriptionStatus": "subscribed", "emailResubscribe": True}
LEAVE: Final = {"emailSubscriptionStatus": "unsubscribed"}
OTHERS: Final = [{"channelIdentifier": "email", "emailIdentifier": f"other{n}@example.com"} for n in range(50)]

_PEOPLE = st.sampled_from(
    [
        KIM,
        {**KIM, "emailIdentifier": "Kim@Example.COM"},
        *(
            {"channelIdentifier": "email", "emailIdentifier": f"{name}@example.{domain}"}
            for name, domain in (("sam", "com"), ("noor", "org"), ("deleted", "org"), ("new", "com"))
        ),
        {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900005"},
        {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900009"},
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
_EVENTS = st.lists(st.tuples(_PEOPLE, _SAID), min_size=2, max_size=8)


def payload(*said: dict[str, Any]) -> Any:
    whole: dict[str, Any] = {}
    for each in said:
        whole |= each
    return ACTION.payload.read(whole, now=NOW)


@settings(max_examples=150)
@given(_EVENTS)
def test_a_few_events(sandbox_server: Sandbox, events: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    holds_for([payload(*event) for event in events], sandbox_server)


@settings(max_examples=15)
@given(_EVENTS)
def test_many_events(sandbox_server: Sandbox, events: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    holds_for([*map(payload, OTHERS), *(payload(*event) for event in events)], sandbox_server)


def holds_for(payloads: list[Any], sandbox: Sandbox) -> None:
    sandbox.reset()
    expected = left_one_by_one(sandbox, ACTION, payloads)
    sandbox.reset()
    found = left_together(sandbox, ACTION, payloads)
    assert found.contacts == expected.contacts
    assert found.effects == expected.effects
    assert [kind for kind, _ in kinds(found.results)] == [kind for kind, _ in kinds(expected.results)]


@pytest.mark.parametrize("others", [[], OTHERS], ids=["few", "many"])
def test_who_left_and_came_back_with_a_question_is_asked(sandbox: Sandbox, others: list[dict[str, Any]]) -> None:
    found = left_together(sandbox, ACTION, [*map(payload, others), payload(KIM, LEAVE), payload(KIM, SUBSCRIBE)])
    kim = ("447700900001", "kim@example.com")
    assert found.contacts[kim]["channelProperties"]["email"]["status"] == "pendingOptIn"
    assert [effect for effect, _ in found.effects[kim]] == ["status_changed", "status_changed", "challenge_sent"]


def test_what_comes_to_the_same_is_one_call(sandbox: Sandbox) -> None:
    same = [payload(KIM, SUBSCRIBE, {"listId": number}) for number in (301, 302)]
    left_together(sandbox, ACTION, [*same, payload(KIM, {"dataFields": {"CITY": "Cork"}})])
    assert Counter(call.method for call in sandbox.requests) == {"GET": 1, "PATCH": 1}


@pytest.mark.parametrize(("method", "others"), [("PATCH", []), ("PUT", OTHERS)], ids=["few", "many"])
def test_what_comes_after_an_event_that_is_to_be_tried_again_waits(
    sandbox: Sandbox, method: str, others: list[dict[str, Any]]
) -> None:
    sandbox.fail("status", method=method, status=429, headers={"X-RateLimit-Remaining": None})
    payloads = [payload(KIM, LEAVE), payload(KIM, SUBSCRIBE), payload(KIM), *map(payload, others)]
    results = left_together(sandbox, ACTION, payloads).results
    assert [kind for kind, _ in kinds(results[:3])] == [
        "LimitedError",
        "RetryLaterError",
        "RetryLaterError",
    ]
    first, second = results[:2]
    assert isinstance(first, RetryLaterError)
    assert isinstance(second, RetryLaterError)
    assert (str(second), second.wait) == (EARLIER, first.wait)
    assert sandbox.journal == ()


def test_what_comes_after_an_event_whose_data_fields_cannot_be_looked_up_waits(sandbox: Sandbox) -> None:
    sandbox.fail("status", method="GET", path="data-fields", status=503)
    payloads = [payload(KIM, LEAVE, {"dataFields": {"CITY": "Cork"}}), payload(KIM, SUBSCRIBE)]
    results = left_together(sandbox, ACTION, payloads).results
    assert kinds(results) == [("UnavailableError", None), ("RetryLaterError", None)]
    assert sandbox.journal == ()


def test_a_refused_event_takes_no_other_with_it_and_the_order_stays(sandbox: Sandbox) -> None:
    said: list[dict[str, Any]] = [{"listId": 301}, {"listId": 999}, {"listId": 302}, LEAVE, {"listId": 303}]
    found = left_together(sandbox, ACTION, [payload(KIM, each) for each in said])
    assert kinds(found.results) == [
        ("dict", None),
        ("RejectedError", "server:badRequest"),
        ("dict", None),
        ("dict", None),
        ("dict", None),
    ]
    kim = found.contacts["447700900001", "kim@example.com"]
    assert [(each["id"], each["status"]) for each in kim["lists"]] == [
        (301, "subscribed"),
        (302, "subscribed"),
        (303, "suppressed"),
    ]

"""Messages of an action's queue: what leaves it, what stays and for how long, what goes to the dead-letter queue."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.server import Sandbox
from tests.support.aws import Aws, standing_still
from tests.support.functions import invoke
from tests.support.queued import PROPERTIES, body, dead_letters, deliver, drain

MOST_BYTES = 1_048_576
DONE: dict[str, Any] = {"batchItemFailures": []}
LIMITED = {"phone": "+447700900999", "message": "Limited"}


def texts(sandbox: Sandbox) -> list[Any]:
    return [effect.details["message"] for effect in sandbox.journal if effect.effect == "sms_sent"]


def in_order(*seconds: int) -> list[dict[str, Any]]:
    """A message for each second of a minute, of one person."""
    bodies = [body(message_id=str(second), message=f"At {second}") for second in seconds]
    for second, each in zip(seconds, bodies, strict=True):
        each["event"]["timestamp"] = f"2026-11-20T10:05:0{second}.000Z"
    return bodies


def aged(record: dict[str, Any], hours: float, receives: int) -> dict[str, Any]:
    """A message as it is received after so many hours and times."""
    sent = int(record["attributes"]["SentTimestamp"]) - int(hours * 3600 * 1000)
    attributes = {"SentTimestamp": str(sent), "ApproximateReceiveCount": str(receives)}
    return {"Records": [record | {"attributes": attributes}]}


@pytest.mark.parametrize("action", PROPERTIES)
def test_a_message_is_delivered_and_leaves_the_queue(aws: Aws, sandbox: Sandbox, action: str) -> None:
    assert deliver(aws, action, body(action)) == []
    assert len(sandbox.journal) >= 1
    assert (aws.waiting(action), dead_letters(aws, action)) == ({"visible": 0, "in flight": 0}, [])


def test_a_payload_that_is_already_mapped_is_delivered(aws: Aws, sandbox: Sandbox) -> None:
    payload = {"to": "+447700900123", "message": "Mapped"}
    assert deliver(aws, "send_sms", {"payload": payload, "messageId": "own-1"}) == []
    assert texts(sandbox) == ["Mapped"]


GONE = "subscriptions.json has no subscription of that name any more: give it one and replay this, or drop it"


@pytest.mark.parametrize(
    ("content", "subscription", "reason"),
    [
        (body(message=""), "Send SMS", "the fields are not right: message is required"),
        (body() | {"subscription": "Gone"}, "Gone", GONE),
        ("not JSON", "(none)", "the message is not JSON"),
        (
            {"subscription": "Send SMS", "event": {"type": "track"}},
            "(none)",
            "not a Segment event: messageId is required",
        ),
        ({"event": body()["event"]}, "(none)", "the message is neither {subscription, event} nor {payload, messageId}"),
    ],
)
def test_what_is_wrong_for_good_goes_to_the_dead_letters_with_its_reason(
    aws: Aws, sandbox: Sandbox, content: Any, subscription: str, reason: str
) -> None:
    assert deliver(aws, "send_sms", content, body(message_id="good", message="Good")) == []
    expected = {"outcome": "rejected", "action": "send_sms", "subscription": subscription, "reason": reason}
    known = {"messageId": "m-1"} if subscription != "(none)" else {}
    text = content if isinstance(content, str) else json.dumps(content)
    assert dead_letters(aws, "send_sms") == [(text, expected | known)]
    assert texts(sandbox) == ["Good"]


@pytest.mark.parametrize(
    ("room", "kept"),
    [
        (0, []),
        (17, []),
        (21, ["outcome"]),
        (38, ["outcome"]),
        (39, ["messageId", "outcome"]),
        (1000, ["action", "messageId", "outcome", "reason", "subscription"]),
    ],
)
def test_a_dead_letter_holds_the_whole_message_and_the_attributes_that_fit(
    aws: Aws, sandbox: Sandbox, room: int, kept: list[str]
) -> None:
    content = body(message="", padding="")
    content["event"]["properties"]["padding"] = "x" * (MOST_BYTES - room - len(json.dumps(content)))
    assert deliver(aws, "send_sms", content) == []
    [(text, attributes)] = dead_letters(aws, "send_sms")
    assert (len(text), json.loads(text), sorted(attributes)) == (MOST_BYTES - room, content, kept)


@pytest.fixture
def edit(subscribe: Callable[..., object]) -> Callable[..., object]:
    """Edit the shipped subscription "Send SMS", or take it out."""
    shipped = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))["subscriptions"]
    [own] = [entry for entry in shipped if entry["name"] == "Send SMS"]
    others = [entry for entry in shipped if entry is not own]
    return lambda **changes: subscribe(*others, *([own | changes] if changes else []))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"enabled": False},
            "the subscription was disabled while the event waited: mend that and replay it, or drop it",
        ),
        (
            {"partnerAction": "sendTransactionalSms"},
            "the subscription has another action by now: mend that and replay it, or drop it",
        ),
        ({}, GONE),
    ],
)
def test_what_waits_for_a_subscription_that_is_gone_is_dead_with_that_reason_and_goes_on_when_it_is_back(
    aws: Aws, sandbox: Sandbox, edit: Callable[..., object], changes: dict[str, Any], reason: str
) -> None:
    edit(**changes)
    assert deliver(aws, "send_sms", body()) == []
    [(text, attributes)] = dead_letters(aws, "send_sms")
    assert (json.loads(text), attributes["outcome"], attributes["reason"]) == (body(), "rejected", reason)
    assert sandbox.requests == ()
    edit(enabled=True)
    assert deliver(aws, "send_sms", text) == []
    assert texts(sandbox) == ["Hello"]


@pytest.mark.parametrize("trigger", ['event = "Another"', 'userId = "nobody"'])
def test_an_edited_trigger_changes_nothing_for_what_waits_and_all_for_what_comes(
    aws: Aws, sandbox: Sandbox, edit: Callable[..., object], trigger: str
) -> None:
    edit(subscribe=trigger)
    assert deliver(aws, "send_sms", body()) == []
    assert (texts(sandbox), dead_letters(aws, "send_sms")) == (["Hello"], [])
    outcome = invoke("send_sms", body(message_id="m-2")["event"])
    assert (outcome["outcome"], outcome["reason"]) == ("skipped", "the trigger does not match")


def test_the_integrations_are_not_asked_again_for_what_waits(aws: Aws, sandbox: Sandbox) -> None:
    waiting = body()
    waiting["event"]["integrations"] = {"Dotdigital": False}
    assert deliver(aws, "send_sms", waiting) == []
    assert texts(sandbox) == ["Hello"]


def test_what_dotdigital_rejects_is_told_by_its_code_and_in_its_words(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", status=400, body={"message": "Kim is suppressed. ERROR_CONTACT_SUPPRESSED"})
    assert deliver(aws, "send_sms", body()) == []
    [(text, attributes)] = dead_letters(aws, "send_sms")
    assert text == json.dumps(body())
    assert attributes == {
        "outcome": "rejected",
        "action": "send_sms",
        "subscription": "Send SMS",
        "reason": "Dotdigital answered 400 ERROR_CONTACT_SUPPRESSED",
        "answer": "ERROR_CONTACT_SUPPRESSED: Kim is suppressed. ERROR_CONTACT_SUPPRESSED",
        "messageId": "m-1",
    }


def test_a_send_that_may_have_happened_goes_to_the_dead_letters_and_is_not_repeated(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_after")
    assert deliver(aws, "send_sms", body()) == []
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]
    assert texts(sandbox) == ["Hello"]


ALLOWANCE = {"path": "enrolments", "status": 400, "body": {"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"}}


@pytest.mark.parametrize(
    ("action", "failure", "seconds"),
    [
        ("send_sms", {"status": 429, "headers": {"Retry-After": "7"}}, (7, 7)),
        ("enrol_contact", ALLOWANCE, (3600, 3600)),
        ("send_sms", {"status": 401}, (15, 30)),
    ],
    ids=["a limit", "the allowance", "refused credentials"],
)
def test_what_can_be_sent_later_keeps_the_message_out_of_sight_until_then(
    aws: Aws, sandbox: Sandbox, action: str, failure: Any, seconds: tuple[int, int]
) -> None:
    sandbox.fail("status", **failure)
    with standing_still():
        assert deliver(aws, action, body(action)) == [json.dumps(body(action))]
        assert seconds[0] <= aws.seconds_out_of_sight(action) <= seconds[1]
    assert (texts(sandbox), dead_letters(aws, action)) == ([], [])


def test_a_message_that_waits_for_its_limit_leaves_the_others_of_its_batch_alone(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", path="900999", status=429, headers={"X-RateLimit-Reset": "7"}, body={"message": "slow down"})
    limited = body(message_id="0", **LIMITED)
    others = [body(message_id=str(n), message=f"Text {n}") for n in range(1, 9)]
    assert deliver(aws, "send_sms", limited, *others) == [json.dumps(limited)]
    assert texts(sandbox) == [f"Text {n}" for n in range(1, 9)]


@pytest.mark.parametrize("secret", ["not JSON", "{}"])
def test_a_secret_that_cannot_be_used_keeps_every_message(aws: Aws, secret: str) -> None:
    aws.put_secret(secret)
    assert len(deliver(aws, "send_sms", body(message_id="1"), body(message_id="2"))) == 2


def test_a_dead_letter_queue_that_cannot_be_reached_keeps_the_message_and_sends_nothing_again(
    aws: Aws, sandbox: Sandbox
) -> None:
    sandbox.fail("drop_after")
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    aws.drop_queue("send_sms-dead-letters")
    assert len(drain(aws, "send_sms")) == 1
    assert deliver(aws, "send_sms", body()) == []
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]
    assert texts(sandbox) == ["Hello"]


def test_messages_of_one_person_are_worked_on_in_the_order_of_their_events(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "send_sms", *in_order(3, 1, 2)) == []
    assert texts(sandbox) == ["At 1", "At 2", "At 3"]


def test_an_event_waits_while_an_earlier_one_of_the_same_person_is_to_come_again(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", status=429)
    assert len(deliver(aws, "send_sms", *in_order(1, 2))) == 2
    assert (len(sandbox.requests), texts(sandbox)) == (1, [])


FORGOTTEN = "it was tried before, and so long ago that the record of its send is gone"


@pytest.mark.parametrize(
    ("late", "failures", "told"),
    [
        ((73, 2), [{"status": 429}], [("retry", "Dotdigital answered 429")]),
        ((73, 1), [], []),
        ((7 * 24 + 1, 2), [], [("in_doubt", FORGOTTEN)]),
    ],
    ids=["tried for 72 hours", "never tried", "tried before its record may have ended"],
)
def test_a_message_that_comes_late_is_given_up_where_it_was_tried(
    aws: Aws, sandbox: Sandbox, late: tuple[float, int], failures: list[Any], told: list[tuple[str, str]]
) -> None:
    for failure in failures:
        sandbox.fail("status", **failure)
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    [record] = aws.receive("send_sms")
    assert invoke("send_sms", aged(record, *late)) == DONE
    assert [(each["outcome"], each["reason"]) for _, each in dead_letters(aws, "send_sms")] == told
    assert texts(sandbox) == ([] if told else ["Hello"])
    assert len(sandbox.requests) == (0 if told == [("in_doubt", FORGOTTEN)] else 1)


def test_a_message_that_comes_back_late_is_known_by_the_record_of_its_send(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body(), body())
    first, second = aws.receive("send_sms")
    assert invoke("send_sms", {"Records": [first]}) == DONE
    assert invoke("send_sms", aged(second, 73, 2)) == DONE
    assert (texts(sandbox), dead_letters(aws, "send_sms")) == (["Hello"], [])


def test_what_a_report_says_of_a_contact_is_no_reason_to_show(aws: Aws, sandbox: Sandbox) -> None:
    why = {"failureCode": "contacts:invalidEmail", "description": "Priya may not be mailed"}
    people = [{"email": f"p{number}@example.com"} for number in range(50)]
    failures = [{"matchIdentifier": "email", "identifiers": each, "failures": [why]} for each in people]
    report = {"importId": "x", "status": "Finished", "summary": {}, "created": [], "updated": [], "failures": failures}
    sandbox.fail("body", method="GET", path="import", body=report)
    bodies = [body("add_contact_to_list", f"m-{n}", **each) for n, each in enumerate(people)]
    assert deliver(aws, "add_contact_to_list", *bodies) == []
    attributes = dead_letters(aws, "add_contact_to_list")[0][1]
    assert attributes["reason"] == "Dotdigital answered contacts:invalidEmail"
    assert "Priya" in attributes["answer"]


def test_without_time_left_nothing_is_sent_and_every_message_comes_again(aws: Aws, sandbox: Sandbox) -> None:
    assert len(deliver(aws, "send_sms", body(message_id="1"), body(message_id="2"), seconds=5.2)) == 2
    assert (sandbox.requests, aws.sends()) == ((), [])

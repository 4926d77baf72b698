"""The SQS door: what leaves the queue, what stays in it and for how long, what goes to the dead-letter queue."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws, standing_still
from tests.support.functions import PROJECT, Context, load_handler
from tests.support.queued import PROPERTIES, body, dead_letters, invoke

pytestmark = pytest.mark.usefixtures("environment")
ACTIONS = tuple(PROPERTIES)
MOST_BYTES = 1_048_576


def texts(sandbox: Sandbox) -> list[Any]:
    return [effect.details["message"] for effect in sandbox.journal if effect.effect == "sms_sent"]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_message_is_delivered_and_leaves_the_queue(aws: Aws, sandbox: Sandbox, action: str) -> None:
    aws.make_queues(action)
    aws.put(action, body(action))
    assert invoke(aws, action) == []
    assert len(sandbox.journal) >= 1
    assert (aws.waiting(action), dead_letters(aws, action)) == ({"visible": 0, "in flight": 0}, [])


def test_a_payload_that_is_already_mapped_is_delivered(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", {"payload": {"to": "+447700900123", "message": "Mapped"}, "messageId": "own-1"})
    assert invoke(aws, "send_sms") == []
    assert texts(sandbox) == ["Mapped"]


@pytest.mark.parametrize(
    ("content", "attributes"),
    [
        (
            body(message=""),
            {
                "outcome": "rejected",
                "action": "send_sms",
                "subscription": "Send SMS",
                "reason": "the fields are not right: message is required",
                "messageId": "m-1",
            },
        ),
        (
            body() | {"subscription": "Gone"},
            {
                "outcome": "rejected",
                "action": "send_sms",
                "subscription": "Gone",
                "reason": "subscriptions.json has no subscription of that name any more: "
                "give it one and replay this, or drop it",
                "messageId": "m-1",
            },
        ),
        (
            "not JSON",
            {
                "outcome": "rejected",
                "action": "send_sms",
                "subscription": "(none)",
                "reason": "the message is not JSON",
            },
        ),
        (
            {"subscription": "Send SMS", "event": {"type": "track"}},
            {
                "outcome": "rejected",
                "action": "send_sms",
                "subscription": "(none)",
                "reason": "not a Segment event: messageId is required",
            },
        ),
        (
            {"event": body()["event"]},
            {
                "outcome": "rejected",
                "action": "send_sms",
                "subscription": "(none)",
                "reason": "the message is neither {subscription, event} nor {payload, messageId}",
            },
        ),
    ],
)
def test_what_is_wrong_for_good_goes_to_the_dead_letters_with_its_reason(
    aws: Aws, sandbox: Sandbox, content: Any, attributes: dict[str, str]
) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", content, body(message_id="good", message="Good"))
    assert invoke(aws, "send_sms") == []
    text = content if isinstance(content, str) else json.dumps(content)
    assert dead_letters(aws, "send_sms") == [(text, attributes)]
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
    aws.make_queues("send_sms")
    content = body(message="", padding="")
    content["event"]["properties"]["padding"] = "x" * (MOST_BYTES - room - len(json.dumps(content)))
    aws.put("send_sms", content)
    assert invoke(aws, "send_sms") == []
    [(text, attributes)] = dead_letters(aws, "send_sms")
    assert (len(text), json.loads(text), sorted(attributes)) == (MOST_BYTES - room, content, kept)


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Edit the shipped subscription "Send SMS", or take it out."""

    def write(**changes: Any) -> None:
        shipped = json.loads((PROJECT / "layers/subscriptions/subscriptions.json").read_text(encoding="utf-8"))
        entries = [entry for entry in shipped["subscriptions"] if entry["name"] != "Send SMS" or changes]
        for entry in entries:
            entry.update(changes if entry["name"] == "Send SMS" else {})
        path = tmp_path / "subscriptions.json"
        path.write_text(json.dumps(entries), encoding="utf-8")
        monkeypatch.setenv("SUBSCRIPTIONS_PATH", str(path))

    return write


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
        (
            {},
            "subscriptions.json has no subscription of that name any more: give it one and replay this, or drop it",
        ),
    ],
)
def test_what_waits_for_a_subscription_that_is_gone_is_dead_with_that_reason_and_goes_on_when_it_is_back(
    aws: Aws, sandbox: Sandbox, edit: Callable[..., None], changes: dict[str, Any], reason: str
) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    edit(**changes)
    assert invoke(aws, "send_sms") == []
    [(text, attributes)] = dead_letters(aws, "send_sms")
    assert (json.loads(text), attributes["outcome"], attributes["reason"]) == (body(), "rejected", reason)
    assert sandbox.requests == ()
    edit(enabled=True)
    aws.put("send_sms", text)
    assert invoke(aws, "send_sms") == []
    assert texts(sandbox) == ["Hello"]


@pytest.mark.parametrize("changes", [{"subscribe": 'event = "Another"'}, {"subscribe": 'userId = "nobody"'}])
def test_an_edited_trigger_changes_nothing_for_what_waits_and_all_for_what_comes(
    aws: Aws, sandbox: Sandbox, edit: Callable[..., None], changes: dict[str, Any]
) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    edit(**changes)
    assert invoke(aws, "send_sms") == []
    assert (texts(sandbox), dead_letters(aws, "send_sms")) == (["Hello"], [])
    answer = load_handler("send_sms")(body(message_id="m-2")["event"], Context())
    assert (answer["outcome"], answer["reason"]) == ("skipped", "the trigger does not match")


def test_the_integrations_are_not_asked_again_for_what_waits(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    waiting = body()
    waiting["event"]["integrations"] = {"Dotdigital": False}
    aws.put("send_sms", waiting)
    assert invoke(aws, "send_sms") == []
    assert texts(sandbox) == ["Hello"]


def test_what_dotdigital_rejects_is_told_by_its_code_and_in_its_words(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", status=400, body={"message": "Kim is suppressed. ERROR_CONTACT_SUPPRESSED"})
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert invoke(aws, "send_sms") == []
    assert dead_letters(aws, "send_sms") == [
        (
            json.dumps(body()),
            {
                "outcome": "rejected",
                "action": "send_sms",
                "subscription": "Send SMS",
                "reason": "Dotdigital answered 400 ERROR_CONTACT_SUPPRESSED",
                "answer": "ERROR_CONTACT_SUPPRESSED: Kim is suppressed. ERROR_CONTACT_SUPPRESSED",
                "messageId": "m-1",
            },
        )
    ]


def test_a_send_that_may_have_happened_goes_to_the_dead_letters_and_is_not_repeated(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_after")
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert invoke(aws, "send_sms") == []
    [(_, attributes)] = dead_letters(aws, "send_sms")
    assert attributes["outcome"] == "in_doubt"
    assert texts(sandbox) == ["Hello"]


def test_a_limit_keeps_that_message_out_of_sight_until_its_reset(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", path="900999", status=429, headers={"Retry-After": "7"}, body={"message": "slow down"})
    aws.make_queues("send_sms")
    aws.put("send_sms", body(message_id="1", phone="+447700900999", message="Limited"))
    handler = load_handler("send_sms")
    with standing_still():
        assert invoke(aws, "send_sms", handler=handler) == [
            json.dumps(body(message_id="1", phone="+447700900999", message="Limited"))
        ]
        assert aws.seconds_out_of_sight("send_sms") == 7
    assert dead_letters(aws, "send_sms") == []


def test_a_message_that_waits_for_its_limit_leaves_the_others_of_its_batch_alone(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", path="900999", status=429, headers={"X-RateLimit-Reset": "7"}, body={"message": "slow down"})
    aws.make_queues("send_sms")
    limited = body(message_id="0", phone="+447700900999", message="Limited")
    aws.put("send_sms", limited, *(body(message_id=str(n), message=f"Text {n}") for n in range(1, 9)))
    assert invoke(aws, "send_sms") == [json.dumps(limited)]
    assert texts(sandbox) == [f"Text {n}" for n in range(1, 9)]


def test_the_enrolment_allowance_is_waited_for_for_an_hour(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"})
    aws.make_queues("enrol_contact")
    aws.put("enrol_contact", body("enrol_contact"))
    with standing_still():
        assert len(invoke(aws, "enrol_contact")) == 1
        assert aws.seconds_out_of_sight("enrol_contact") == 3600


def test_credentials_that_are_refused_keep_the_message(aws: Aws, sandbox: Sandbox) -> None:
    aws.put_secret(SECRET | {"username": sandbox.username, "password": "wrong"})
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    with standing_still():
        assert len(invoke(aws, "send_sms")) == 1
        assert 15 <= aws.seconds_out_of_sight("send_sms") <= 30
    assert sandbox.journal == ()


@pytest.mark.parametrize("secret", ["not JSON", "{}"])
def test_a_secret_that_cannot_be_used_keeps_every_message(aws: Aws, secret: str) -> None:
    aws.put_secret(secret)
    aws.make_queues("send_sms")
    aws.put("send_sms", body(message_id="1"), body(message_id="2"))
    assert len(invoke(aws, "send_sms")) == 2


def test_a_dead_letter_queue_that_cannot_be_reached_keeps_the_message_and_sends_nothing_again(
    aws: Aws, sandbox: Sandbox
) -> None:
    sandbox.fail("drop_after")
    aws.make_queue("send_sms")
    aws.put("send_sms", body())
    assert len(invoke(aws, "send_sms")) == 1
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert invoke(aws, "send_sms") == []
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt"]
    assert texts(sandbox) == ["Hello"]


def test_messages_of_one_person_are_worked_on_in_the_order_of_their_events(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    bodies = [body(message_id=str(second), message=f"At {second}") for second in (3, 1, 2)]
    for each in bodies:
        each["event"]["timestamp"] = f"2026-11-20T10:05:0{each['event']['messageId']}.000Z"
    aws.put("send_sms", *bodies)
    assert invoke(aws, "send_sms") == []
    assert texts(sandbox) == ["At 1", "At 2", "At 3"]


def aged(aws: Aws, hours: float, receives: int) -> dict[str, Any]:
    """The one message of the queue, as it is received after so many hours and times."""
    [record] = aws.receive("send_sms")
    sent = int(record["attributes"]["SentTimestamp"]) - int(hours * 3600 * 1000)
    record["attributes"] |= {"SentTimestamp": str(sent), "ApproximateReceiveCount": str(receives)}
    return record


def test_a_message_that_cannot_be_sent_for_72_hours_is_given_up(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", status=429)
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert load_handler("send_sms")({"Records": [aged(aws, 73, 2)]}, Context()) == {"batchItemFailures": []}
    [(_, attributes)] = dead_letters(aws, "send_sms")
    assert (attributes["outcome"], attributes["reason"]) == ("retry", "Dotdigital answered 429")


def test_a_message_that_comes_back_late_is_known_by_the_record_of_its_send(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body(), body())
    handler = load_handler("send_sms")
    first, second = aws.receive("send_sms")
    assert handler({"Records": [first]}, Context()) == {"batchItemFailures": []}
    second["attributes"] |= {"SentTimestamp": str(int(second["attributes"]["SentTimestamp"]) - 73 * 3600 * 1000)}
    second["attributes"] |= {"ApproximateReceiveCount": "2"}
    assert handler({"Records": [second]}, Context()) == {"batchItemFailures": []}
    assert (texts(sandbox), dead_letters(aws, "send_sms")) == (["Hello"], [])


def test_a_message_that_was_tried_before_its_record_may_have_ended_is_in_doubt(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert load_handler("send_sms")({"Records": [aged(aws, 7 * 24 + 1, 2)]}, Context()) == {"batchItemFailures": []}
    [(_, attributes)] = dead_letters(aws, "send_sms")
    assert attributes["outcome"] == "in_doubt"
    assert sandbox.requests == ()


def test_an_event_waits_while_an_earlier_one_of_the_same_person_is_to_come_again(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", status=429)
    aws.make_queues("send_sms")
    bodies = [body(message_id=str(second), message=f"At {second}") for second in (1, 2)]
    for each in bodies:
        each["event"]["timestamp"] = f"2026-11-20T10:05:0{each['event']['messageId']}.000Z"
    aws.put("send_sms", *bodies)
    assert len(invoke(aws, "send_sms")) == 2
    assert (len(sandbox.requests), texts(sandbox)) == (1, [])


def test_what_a_report_says_of_a_contact_is_no_reason_to_show(aws: Aws, sandbox: Sandbox) -> None:
    report = {
        "importId": "x",
        "status": "Finished",
        "summary": {},
        "created": [],
        "updated": [],
        "failures": [
            {
                "matchIdentifier": "email",
                "identifiers": {"email": f"p{number}@example.com"},
                "failures": [{"failureCode": "contacts:invalidEmail", "description": "Priya may not be mailed"}],
            }
            for number in range(50)
        ],
    }
    sandbox.fail("body", method="GET", path="import", body=report)
    aws.make_queues("add_contact_to_list")
    bodies = [body("add_contact_to_list", f"m-{n}", email=f"p{n}@example.com") for n in range(50)]
    aws.put("add_contact_to_list", *bodies)
    assert invoke(aws, "add_contact_to_list") == []
    attributes = dead_letters(aws, "add_contact_to_list")[0][1]
    assert attributes["reason"] == "Dotdigital answered contacts:invalidEmail"
    assert "Priya" in attributes["answer"]


def test_a_message_that_waited_for_long_but_was_never_tried_is_tried(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body())
    assert load_handler("send_sms")({"Records": [aged(aws, 73, 1)]}, Context()) == {"batchItemFailures": []}
    assert texts(sandbox) == ["Hello"]


def test_without_time_left_nothing_is_sent_and_every_message_comes_again(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_sms")
    aws.put("send_sms", body(message_id="1"), body(message_id="2"))
    assert len(invoke(aws, "send_sms", remaining_seconds=5.2)) == 2
    assert (sandbox.requests, aws.sends()) == ((), [])

import json
import re
from typing import Any

import pytest

from cli.dead_letters import Selection, read_dead_letter
from cli.drop import Drop
from cli.listing import Listing
from cli.queues import dead_letter_queues
from cli.stack import Stack
from cli.sweep import Sweep
from tests.unit.cli.conftest import BODY, EVENT, Cli, Queues

GROUP = {"action": "send_sms", "subscription": "Send SMS", "outcome": "rejected", "reason": "no", "messages": 1}
TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def listed(text: str) -> dict[str, Any]:
    """What `failures list --json` printed, without its times, which must be times."""
    content: dict[str, Any] = json.loads(text)
    for group in content["groups"]:
        assert all(TIME.fullmatch(group.pop(key)) for key in ("oldest", "newest"))
    return content


def test_dead_letters_of_one_kind_are_one_row_with_their_count_and_age(cli: Cli, queues: Queues) -> None:
    for _ in range(2):
        queues.dead_letter(reason="the number is not right")
    queues.dead_letter("enrol_contact", subscription="Welcome", outcome="in_doubt", reason="time-out")
    result = cli("failures", "list")
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines() if "│" in line]
    assert [row[:5] for row in cells] == [
        ["send_sms", "Send SMS", "rejected", "the number is not right", "2"],
        ["enrol_contact", "Welcome", "in_doubt", "time-out", "1"],
    ]
    assert all(re.fullmatch(r"\d+ s", row[5]) for row in cells)
    assert (result.stdout.splitlines()[-1], result.stderr, result.exit_code) == ("Dead letters: 3", "", 0)


def test_a_machine_gets_the_groups_as_json(cli: Cli, queues: Queues) -> None:
    queues.dead_letter()
    result = cli("failures", "list", "--json")
    assert (listed(result.stdout), result.exit_code) == ({"messages": 1, "groups": [GROUP], "notes": []}, 0)


def test_an_empty_stack_has_no_dead_letters(cli: Cli) -> None:
    result = cli("failures", "list")
    assert (result.stdout, result.stderr, result.exit_code) == ("Dead letters: 0\n", "", 0)


@pytest.mark.parametrize("options", [[], ["--json"], ["--each"], ["--each", "--json"]])
def test_nothing_of_the_body_is_shown_unless_it_is_asked_for(cli: Cli, queues: Queues, options: list[str]) -> None:
    queues.dead_letter(answer="No contact named Jane Doe")
    output = cli("failures", "list", *options).output
    assert [text for text in ("447700900001", "Jane Doe") if text in output] == []


@pytest.mark.parametrize(("option", "body"), [("--each", {}), ("--show", {"answer": None, "body": json.dumps(BODY)})])
def test_each_dead_letter_is_a_line_of_json(cli: Cli, queues: Queues, option: str, body: dict[str, str | None]) -> None:
    letter = queues.dead_letter(messageId="m-7")
    [line] = cli("failures", "list", option, "--json").stdout.splitlines()
    content = json.loads(line)
    assert TIME.fullmatch(content.pop("sent"))
    expected = {key: value for key, value in GROUP.items() if key != "messages"}
    assert content == {**expected, "id": letter, "messageId": "m-7", **body}


def test_each_dead_letter_is_a_row_for_a_person_with_its_body_if_asked(cli: Cli, queues: Queues) -> None:
    letter = queues.dead_letter(messageId="m-7", body={"payload": {"to": "+447700900001"}}, answer="Not a number")
    head, row, answer, body, end = cli("failures", "list", "--show").stdout.splitlines()
    assert head.split() == ["age", "action", "subscription", "outcome", "id", "messageId", "reason"]
    assert re.split(r"\s{2,}", row.strip())[1:] == ["send_sms", "Send SMS", "rejected", letter, "m-7", "no"]
    assert (answer.strip(), body.strip()) == ("Dotdigital: Not a number", '{"payload": {"to": "+447700900001"}}')
    assert end == "Dead letters: 1"


def test_listing_removes_nothing_and_hides_nothing_afterwards(cli: Cli, queues: Queues) -> None:
    for _ in range(12):
        queues.dead_letter()
    assert listed(cli("failures", "list", "--json").stdout)["messages"] == 12
    assert queues.bodies("send_sms-dead-letters") == [BODY] * 12


@pytest.mark.parametrize(
    "options",
    [
        ["--action", "send_sms"],
        ["--subscription", "Texts"],
        ["--reason", "WRONG"],
        ["--outcome", "rejected"],
        ["--message-id", "m-7"],
    ],
    ids=lambda part: part[0],
)
@pytest.mark.parametrize(("command", "done"), [("list", "messages"), ("replay", "replayed"), ("drop --yes", "dropped")])
def test_a_command_is_about_what_its_options_choose(
    cli: Cli, queues: Queues, options: list[str], command: str, done: str
) -> None:
    queues.dead_letter(reason="a wrong number", subscription="Texts", messageId="m-7")
    queues.dead_letter("enrol_contact", outcome="retry", reason="limit", subscription="Texts too", messageId="m-77")
    assert json.loads(cli("failures", *command.split(), "--json", *options).stdout)[done] == 1
    assert queues.waiting("send_sms-dead-letters") == (command == "list")
    assert queues.waiting("enrol_contact-dead-letters") == 1


@pytest.mark.parametrize(
    ("age", "older", "newer"), [("0s", 1, 0), ("30s", 0, 1), ("30 min", 0, 1), ("2h", 0, 1), ("1d", 0, 1)]
)
def test_a_command_is_about_what_is_older_or_newer(cli: Cli, queues: Queues, age: str, older: int, newer: int) -> None:
    queues.dead_letter()
    counts = [
        listed(cli("failures", "list", "--json", option, age).stdout)["messages"]
        for option in ("--older-than", "--newer-than")
    ]
    assert counts == [older, newer]


@pytest.mark.parametrize("age", ["", "2", "h", "2 weeks", "-1h", "1.5h"])
def test_what_is_no_age_says_what_one_is(cli: Cli, age: str) -> None:
    result = cli("failures", "list", "--older-than", age)
    words = " ".join(result.stderr.replace("│", "").split())
    assert ("write a number and s, min, h or d" in words, result.exit_code) == (True, 2)


MOVED = "received too often without an outcome; SQS moved it"
NOT_PUT = "EventBridge could not put it on the queue: NO_PERMISSIONS"
ERROR = {"ERROR_CODE": {"StringValue": "NO_PERMISSIONS", "DataType": "String"}}


@pytest.mark.parametrize(
    ("body", "attributes", "facts"),
    [
        (json.dumps(BODY), {}, ("Send SMS", MOVED, "m-1")),
        (json.dumps({"detail": EVENT}), ERROR, ("(none)", NOT_PUT, "m-1")),
        (json.dumps(EVENT), ERROR, ("(none)", NOT_PUT, "m-1")),
        ("not JSON", {}, ("(none)", MOVED, None)),
        ("[1]", {}, ("(none)", MOVED, None)),
        ('{"event": 1, "messageId": 2, "subscription": {}}', {}, ("(none)", MOVED, None)),
    ],
)
def test_what_aws_moved_by_itself_is_known_by_its_queue_and_body(body: str, attributes: Any, facts: Any) -> None:
    message: Any = {"MessageId": "1", "ReceiptHandle": "h", "Body": body, "Attributes": {"SentTimestamp": "0"}}
    message["MessageAttributes"] = attributes
    letter = read_dead_letter(message, "send_sms")
    assert (letter.action, letter.outcome, letter.sent) == ("send_sms", "unknown", 0)
    assert (letter.subscription, letter.reason, letter.message_id) == facts


def test_another_stack_whose_name_begins_the_same_is_left_alone(cli: Cli, queues: Queues) -> None:
    queues.add("send_sms", "shop-two")
    queues.add("send_sms-dead-letters", "shop-two")
    queues.put("send_sms-dead-letters", BODY)
    assert listed(cli("failures", "list", "--json").stdout)["messages"] == 0


def test_dead_letters_that_another_reader_hides_are_spoken_of(cli: Cli, queues: Queues) -> None:
    for _ in range(3):
        queues.dead_letter()
    queues.sqs.receive_message(QueueUrl=queues.urls["send_sms-dead-letters"], MaxNumberOfMessages=2)
    note = (
        "send_sms: saw 1 of about 3 dead letters; the others may be hidden by another reader just now. Try again later."
    )
    result = cli("failures", "list", "--json")
    assert listed(result.stdout) == {"messages": 1, "groups": [GROUP], "notes": [note]}
    assert (result.stderr, result.exit_code) == (f"{note}\n", 1)


def test_a_long_queue_is_read_to_its_end_each_message_once(cli: Cli, queues: Queues) -> None:
    url = queues.urls["send_sms-dead-letters"]
    for start in range(0, 250, 10):
        numbers = map(str, range(start, start + 10))
        queues.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": each, "MessageBody": each} for each in numbers])
    lines = cli("failures", "list", "--show", "--json").stdout.splitlines()
    assert sorted(int(json.loads(line)["body"]) for line in lines) == list(range(250))


def reasons(queues: Queues, action: str = "send_sms") -> list[str]:
    return sorted(message.attributes["reason"] for message in queues.visible(f"{action}-dead-letters"))


@pytest.mark.parametrize(("options", "answer"), [([], "y\n"), (["--yes"], "")], ids=["answered", "--yes"])
def test_dead_letters_are_dropped_once_a_person_agrees(
    cli: Cli, queues: Queues, options: list[str], answer: str
) -> None:
    queues.dead_letter()
    result = cli("failures", "drop", *options, stdin=answer)
    assert (result.stdout, result.exit_code) == ("Dead letters dropped: 1\n", 0)
    assert (reasons(queues), queues.bodies("send_sms")) == ([], [])


@pytest.mark.parametrize("answer", ["n\n", "\n", ""], ids=["no", "return", "no one there"])
def test_nothing_is_dropped_without_a_yes(cli: Cli, queues: Queues, answer: str) -> None:
    queues.dead_letter()
    result = cli("failures", "drop", stdin=answer)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert re.search(r"Delete 1 dead letter, \d+ s old, for good\? \[y/N\]", result.stderr)
    assert result.stderr.endswith("Nothing was dropped. Where nobody can answer, add --yes.\n")
    assert queues.bodies("send_sms-dead-letters") == [BODY]


def test_the_question_shows_what_it_is_about_and_nobody_is_asked_about_nothing(cli: Cli, queues: Queues) -> None:
    result = cli("failures", "drop")
    assert (result.stdout, result.stderr, result.exit_code) == ("Dead letters dropped: 0\n", "", 0)
    queues.dead_letter(reason="a wrong number")
    assert "a wrong number" in cli("failures", "drop", stdin="n\n").stderr


def test_what_came_while_a_person_thought_stays(stack: Stack, queues: Queues) -> None:
    queues.dead_letter(reason="shown")
    found = Listing(Selection())
    Sweep(stack, dead_letter_queues(stack)).run(found)
    queues.dead_letter(reason="new")
    drop = Drop(stack, Selection(), found.ids)
    Sweep(stack, dead_letter_queues(stack)).run(drop)
    assert (drop.dropped, drop.failed, reasons(queues)) == (1, 0, ["new"])

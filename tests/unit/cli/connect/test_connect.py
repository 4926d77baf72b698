import json
import time
from pathlib import Path
from typing import Any

import pytest

from dev.sandbox.server import PASSWORD, USERNAME, Sandbox
from tests.support.aws import SHARED_SECRET
from tests.support.segment import signature, track
from tests.unit.cli.conftest import Cli, Queues
from tests.unit.cli.deployed import Deployed

pytestmark = pytest.mark.usefixtures("environment_of_a_pipeline")
TAKES = "Dotdigital takes the credentials: account 4711, Sandbox account, in r1.\n"
THROUGH = "An event of this command came through the webhook: its signature is right, and it went no further.\n"
LOG = "/aws/lambda/shop-segment_webhook"


def test_a_stack_is_connected_and_says_what_segment_is_set_to(cli: Cli, deployed: Deployed) -> None:
    result = cli("connect", "--show")
    shared, webhook = deployed.value["sharedSecret"], deployed.value["webhookSecret"]
    account = {"region": "r1", "username": USERNAME, "password": PASSWORD}
    assert deployed.value == {**account, "sharedSecret": shared, "webhookSecret": webhook}
    assert (len(shared), len(webhook), result.exit_code) == (43, 43, 0)
    assert result.stdout == (
        f"{TAKES}The secret of stack shop in eu-west-1 is written: password, region, sharedSecret, username, "
        "webhookSecret.\n\n"
        "In Segment: Connections > Catalog > Webhooks (Actions) > Add destination, then its Settings\n"
        f"  Shared Secret     {shared}\n\n\n"
        "Mappings > New Mapping > Send\n"
        "  Trigger           all event types, no condition\n"
        f"  URL               {deployed.url}\n"
        "  Method            POST\n"
        f"  Headers           X-Webhook-Secret: {webhook}\n"
        "  Data              $.\n"
        "  Enable Batching   Yes\n"
        "  Batch Size        1000\n\n"
        f"{THROUGH}"
    )


def test_the_event_is_signed_names_nobody_and_goes_to_no_queue(cli: Cli, deployed: Deployed, queues: Queues) -> None:
    cli("connect")
    [request] = deployed.requests
    body = request.get_data()
    assert request.headers["X-Signature"] == signature(body, deployed.value["sharedSecret"])
    assert request.headers["X-Webhook-Secret"] == deployed.value["webhookSecret"]
    assert json.loads(body)["integrations"] == {"Dotdigital": False}
    assert [queues.waiting(name) for name in queues.urls] == [0] * len(queues.urls)


def test_no_secret_is_shown_where_nobody_looks(cli: Cli, deployed: Deployed) -> None:
    results = [cli("connect"), cli("connect", "--json")]
    for result in results:
        assert not any(deployed.value[key] in result.output for key in ("password", "sharedSecret", "webhookSecret"))
    assert "Shared Secret     (sharedSecret of the secret; --show prints it)" in results[0].stdout
    assert json.loads(results[1].stdout) == {
        "account": {"id": 4711, "name": "Sandbox account", "region": "r1"},
        "secret_written": True,
        "event_taken": True,
        "segment": {
            "settings": {"Shared Secret": "(as it was)"},
            "mapping": {
                "Trigger": "all event types, no condition",
                "URL": deployed.url,
                "Method": "POST",
                "Headers": "X-Webhook-Secret: (as it was)",
                "Data": "$.",
                "Enable Batching": "Yes",
                "Batch Size": "1000",
            },
        },
        "destination_made": None,
        "outcomes": [],
    }


def test_with_show_a_secret_is_printed_once(cli: Cli, deployed: Deployed) -> None:
    result = cli("connect", "--json", "--show")
    assert [result.output.count(deployed.value[key]) for key in ("sharedSecret", "webhookSecret")] == [1, 1]


@pytest.mark.parametrize("webhook", [None, "kept"])
def test_what_segment_has_already_stays(cli: Cli, deployed: Deployed, webhook: str | None) -> None:
    deployed.put(username=USERNAME, password="old", webhookSecret=webhook, integrationToken="token", note="mine")
    before = deployed.value
    assert cli("connect").exit_code == 0
    assert deployed.value == {**before, "password": PASSWORD}


@pytest.mark.parametrize("text", ["no JSON", "[]", "{}", '{"region": "r9"}'])
def test_a_value_that_cannot_be_used_is_replaced(cli: Cli, deployed: Deployed, text: str) -> None:
    deployed.secrets.put_secret_value(SecretId=deployed.arn, SecretString=text)
    assert cli("connect", "--yes").exit_code == 0
    assert deployed.value["region"] == "r1"


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ({"username": "another"}, "The stack has another API user now; this one takes its place."),
        (
            {"username": USERNAME, "sharedSecret": ""},
            "Until now the stack takes unsigned requests; from then on it refuses what Segment does not sign.",
        ),
    ],
)
def test_what_may_stop_events_is_asked_first(cli: Cli, deployed: Deployed, before: dict[str, str], reason: str) -> None:
    deployed.put(**before)
    value = deployed.value
    for no in ("n\n", ""):
        result = cli("connect", stdin=no)
        assert result.stderr.startswith(f"{reason}\nGo on? [y/N] ")
        assert (result.exit_code, deployed.value) == (2, value)
    assert cli("connect", stdin="y\n").exit_code == 0
    assert deployed.value != value


def test_a_file_stands_above_the_environment(cli: Cli, deployed: Deployed, tmp_path: Path) -> None:
    given = {"username": USERNAME, "password": PASSWORD, "region": "r2", "integrationToken": "token-1"}
    (tmp_path / "user.json").write_text(json.dumps(given))
    assert cli("connect", "--from-file", tmp_path / "user.json").exit_code == 0
    assert {key: deployed.value[key] for key in given} == given
    assert cli("connect", "--from-file", "-", "--region", "r3", "--yes", stdin=json.dumps(given)).exit_code == 0
    assert deployed.value["region"] == "r3"


def test_a_person_is_asked_for_what_the_environment_lacks(
    cli: Cli, deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOTDIGITAL_USERNAME")
    monkeypatch.delenv("DOTDIGITAL_PASSWORD")
    result = cli("connect", stdin=f"{USERNAME}\n{PASSWORD}\n")
    assert (result.exit_code, deployed.value["password"], PASSWORD in result.output) == (0, PASSWORD, False)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: No such file or directory."),
        ("{", "is not JSON: put {username, password}, and region if you know it."),
        ("[]", "must have the keys username and password, and may have region."),
        ('{"username": "hidden"}', "must have the keys username and password, and may have region."),
        ('{"username": "hidden", "password": 5}', ": password must be text that is not empty."),
        ('{"username": "", "password": "hidden"}', ": username must be text that is not empty."),
        ('{"username": "hidden", "password": "hidden", "pasword": "x"}', "has keys that are not known: pasword."),
        ('{"username": "hidden", "password": "hidden", "region": "r4"}', "The region must be one of r1, r2, r3."),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_shows_nothing(
    cli: Cli, deployed: Deployed, tmp_path: Path, content: str | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "user.json").write_text(content)
    result = cli("connect", "--from-file", tmp_path / "user.json")
    assert (result.stderr.endswith(f"{problem}\n"), result.exit_code) == (True, 2)
    assert ("hidden" in result.output, deployed.has_value) == (False, False)


@pytest.mark.parametrize("missing", ["DOTDIGITAL_USERNAME", "DOTDIGITAL_PASSWORD"])
def test_where_nobody_can_answer_the_other_ways_are_named(
    cli: Cli, deployed: Deployed, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    result = cli("connect", stdin="")
    assert result.stderr.endswith(
        "Nobody can answer here: set DOTDIGITAL_USERNAME and DOTDIGITAL_PASSWORD, or give --from-file FILE.\n"
    )
    assert (result.exit_code, deployed.has_value) == (2, False)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "Dotdigital refuses username or password: put those of an API user (Settings > Access > API users)."),
        (
            403,
            "Dotdigital answers 403: the API user may not do this, or the account is not in r1: "
            "its regions are r1, r2, r3.",
        ),
        (500, "Dotdigital does not respond as it should: Armed failure."),
    ],
)
def test_nothing_is_written_where_dotdigital_does_not_agree(
    cli: Cli, deployed: Deployed, sandbox: Sandbox, status: int, problem: str
) -> None:
    deployed.put(username=USERNAME)
    before = deployed.value
    sandbox.fail("status", path="^/v2/account-info$", status=status)
    result = cli("connect")
    assert (result.stderr, result.exit_code) == (f"{problem} Nothing was written.\n", 2)
    assert (deployed.value, deployed.requests) == (before, [])


@pytest.mark.parametrize(
    ("status", "times", "problem"),
    [
        (401, 8, f"the stack refuses the signature (401): its log {LOG} says which"),
        (503, 8, f"responds 503: the log {LOG} says why"),
        (403, 1, "is forbidden (403): a firewall or a policy stands before the API"),
        (404, 1, f"responds 404: the log {LOG} says why"),
        (200, 1, "is not the webhook of this template: its 200 has no counts"),
    ],
)
def test_an_event_that_does_not_come_through_is_told_and_the_fields_are_shown(
    cli: Cli, deployed: Deployed, status: int, times: int, problem: str
) -> None:
    deployed.http.clear()
    deployed.http.expect_request("/segment").respond_with_json({}, status)
    result = cli("connect")
    assert "The secret is written, but an event did not come through: " in result.stderr
    assert (result.stderr.endswith(f"{problem}.\n"), len(deployed.http.log), result.exit_code) == (True, times, 1)
    assert (deployed.has_value, "Mappings > New Mapping" in result.stdout) == (True, True)


def log_lines(deployed: Deployed, *lines: dict[str, Any]) -> None:
    """Log as send_sms does, among other lines."""
    logs, group = deployed.stack.session.client("logs"), "/aws/lambda/shop-send_sms"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    texts = ["START", "{", *map(json.dumps, lines)]
    events: Any = [{"timestamp": int(time.time() * 1000), "message": text} for text in texts]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    logs.close()


@pytest.mark.parametrize("outcome", ["delivered", "skipped", "rejected", "retry"])
def test_a_persons_event_is_sent_and_its_outcome_waited_for(
    cli: Cli, queues: Queues, deployed: Deployed, tmp_path: Path, outcome: str
) -> None:
    event = track(to="+447700900001", message="Hello")
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event))
    facts = {"outcome": outcome, "action": "send_sms", "subscription": "Send SMS", "reason": "no"}
    mine = {"message": "outcome", "correlation_id": event["messageId"], **facts}
    log_lines(deployed, {**mine, "correlation_id": "other"}, {**mine, "message": "not answered"}, mine)
    result = cli("connect", "--event", file)
    exit_code = 0 if outcome in {"delivered", "skipped"} else 1
    assert (result.stdout.endswith(f"\n{outcome}: Send SMS (send_sms): no\n"), result.exit_code) == (True, exit_code)
    assert queues.bodies("send_sms") == [{"subscription": "Send SMS", "event": event}]


def test_an_outcome_that_does_not_come_is_told(cli: Cli, deployed: Deployed, queues: Queues, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(track(to="+447700900001", message="Hello")))
    log_lines(deployed)
    result = cli("connect", "--event", tmp_path / "event.json")
    assert result.stderr.endswith("No outcome came within a minute of 1: its queue waits; look again later.\n")
    assert result.exit_code == 1


def test_an_event_that_nothing_wants_has_no_outcome(cli: Cli, deployed: Deployed, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps({"type": "alias", "messageId": "m-1"}))
    result = cli("connect", "--event", tmp_path / "event.json")
    assert result.stdout.endswith("Your event was taken; no enabled subscription wants it.\n")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "is not JSON."),
        ("{}", "is not a Segment event: type is required; messageId is required."),
        (None, "cannot be read: No such file or directory."),
    ],
)
def test_an_event_that_cannot_be_sent_stops_the_command_first(
    cli: Cli, deployed: Deployed, tmp_path: Path, content: str | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "event.json").write_text(content)
    result = cli("connect", "--event", tmp_path / "event.json")
    assert (result.stderr, deployed.has_value) == (f"{tmp_path}/event.json {problem}\n", False)


def test_a_stack_that_is_not_there_or_is_another_is_told(cli: Cli, deployed: Deployed) -> None:
    result = cli("connect", "--stack", "shp")
    assert result.stderr.startswith("There is no stack shp in eu-west-1. Give its name with --stack or STACK")
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "x"}}}}
    deployed.cloudformation.create_stack(StackName="other", TemplateBody=json.dumps(template))
    result = cli("connect", "--stack", "other")
    assert "lacks the outputs SecretArn, SegmentUrl and ApiId" in result.stderr
    assert result.exit_code == 2


def test_a_rotation_takes_both_secrets_until_it_is_finished(cli: Cli, deployed: Deployed) -> None:
    deployed.put(webhookSecret="w")
    before = deployed.value
    result = cli("connect", "--rotate", "--show")
    during, new = deployed.value, deployed.value["sharedSecret"]
    assert during == {**before, "sharedSecret": new, "sharedSecretPrevious": SHARED_SECRET}
    assert (result.exit_code, result.stdout.count(new), SHARED_SECRET in result.output) == (0, 1, False)
    assert result.stdout.endswith("  segment-dotdigital connect --stack shop --rotate --finish\n")
    [request] = deployed.requests
    assert request.headers["X-Signature"] == signature(request.get_data(), new)
    again = cli("connect", "--rotate")
    assert ("A rotation is under way" in again.stderr, deployed.value) == (True, during)
    assert (cli("connect", "--rotate", "--finish", stdin="n\n").exit_code, deployed.value) == (2, during)
    ended = cli("connect", "--rotate", "--finish", "--json", stdin="y\n")
    assert (json.loads(ended.stdout)["event_taken"], ended.exit_code) == (True, 0)
    assert deployed.value == {**before, "sharedSecret": new}


@pytest.mark.parametrize(
    ("value", "options", "problem"),
    [
        (None, ["--rotate"], "The secret has no value yet: run connect without --rotate."),
        ({"region": "r4"}, ["--rotate"], "Run connect without --rotate."),
        ({"sharedSecret": ""}, ["--rotate"], "There is nothing to rotate: sharedSecret is empty."),
        ({}, ["--rotate", "--finish"], "No rotation is under way: --rotate begins one."),
        ({}, ["--finish"], "--finish ends a rotation: give it with --rotate."),
    ],
)
def test_a_rotation_that_cannot_be_is_refused(
    cli: Cli, deployed: Deployed, value: dict[str, str] | None, options: list[str], problem: str
) -> None:
    if value is not None:
        deployed.put(**value)
    before = deployed.value if deployed.has_value else None
    result = cli("connect", *options)
    assert (problem in result.stderr, result.exit_code) == (True, 2)
    assert (deployed.value if deployed.has_value else None) == before

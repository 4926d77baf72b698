import json
from pathlib import Path

import pytest

from tests.support.aws import Aws
from tests.unit.cli.conftest import BODY, Cli, Queues

NO_RESPONSE = (
    "There is no response from the local run: check the network, or, with --local, that `make run` still runs.\n"
)
START = "Start `make run` in another terminal, wait until it serves, and try again in the same folder.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the command is given, without a local run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".local").mkdir()
    return tmp_path


def run(endpoint: str) -> str:
    """What `make run` writes."""
    return json.dumps({"endpoint": endpoint, "stack": "shop", "region": "eu-west-1"})


def test_the_local_run_is_used_whatever_the_environment_says_of_aws(
    cli: Cli, queues: Queues, folder: Path, moto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    queues.dead_letter()
    (folder / ".local/run.json").write_text(run(moto_url))
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "HTTP_PROXY": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    result = cli("failures", "replay", "--local", "--yes")
    assert (result.stdout, result.stderr, result.exit_code) == ("Dead letters replayed: 1\n", "", 0)
    assert queues.bodies("send_sms") == [BODY]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, f"There is no local run: .local/run.json is missing. {START}"),
        ("", f".local/run.json is not what `make run` writes. {START}"),
        ("[]", f".local/run.json is not what `make run` writes. {START}"),
        ('{"endpoint": "http://127.0.0.1:1"}', f".local/run.json is not what `make run` writes. {START}"),
        (run("https://sqs.aws"), f".local/run.json names https://sqs.aws, which is not on this machine. {START}"),
        (run("http://127.0.0.1:1"), NO_RESPONSE),
    ],
)
def test_a_local_run_that_cannot_be_used_is_said_to_be(
    cli: Cli, folder: Path, content: str | None, problem: str
) -> None:
    if content is not None:
        (folder / ".local/run.json").write_text(content)
    result = cli("failures", "list", "--local")
    assert (result.stderr, result.exit_code) == (problem, 2)


@pytest.mark.parametrize("command", [["failures", "list"], ["failures", "replay"], ["backfill", "events.jsonl"]])
def test_a_stack_in_aws_and_the_local_run_are_not_asked_for_together(
    cli: Cli, folder: Path, command: list[str]
) -> None:
    result = cli(*command, "--local", "--stack", "shop")
    assert (result.stderr, result.exit_code) == (
        "--stack names a stack in AWS, --local is the one that `make run` runs: give one of them.\n",
        2,
    )


@pytest.mark.parametrize("command", [["failures", "list"], ["failures", "replay"], ["backfill", "events.jsonl"]])
def test_a_stack_without_queues_is_probably_another_name(cli: Cli, aws: Aws, folder: Path, command: list[str]) -> None:
    (folder / "events.jsonl").touch()
    result = cli(*command, "--stack", "shp")
    assert (result.stderr, result.exit_code) == (
        "There are no queues of stack shp in eu-west-1. Give the stack's name with --stack or STACK, and check that "
        "AWS_PROFILE and AWS_DEFAULT_REGION are those that it was deployed with.\n",
        2,
    )


def test_an_action_that_is_not_there_is_named_with_those_that_are(cli: Cli) -> None:
    result = cli("failures", "list", "--action", "send_letter")
    assert (result.stderr, result.exit_code) == (
        "There is no dead-letter queue of send_letter in stack shop in eu-west-1. "
        "It has: enrol_contact, segment_webhook, send_sms.\n",
        2,
    )


@pytest.mark.parametrize(
    ("unset", "text"),
    [
        (["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "No AWS credentials were found. Log in (`aws sso login`), or"),
        (["AWS_DEFAULT_REGION"], "No AWS region is set: set AWS_DEFAULT_REGION, or a region in your profile."),
    ],
    ids=["credentials", "region"],
)
def test_what_boto3_lacks_is_named_with_what_to_do(
    cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, unset: list[str], text: str
) -> None:
    for name in unset:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(folder / "none"))
    result = cli("failures", "list")
    assert (result.stderr[: len(text)], result.exit_code) == (text, 2)

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from aws.secret import SecretError, SecretReader
from aws.settings import Settings
from dotdigital import Account
from tests.support.aws import ENVIRONMENT, REGION, SECRET, SECRET_ID, Aws
from tests.support.dotdigital_server import Clock
from tests.support.wire_server import Step, WireServer, drop, hang, json_answer

SETTINGS = Settings.from_environment(ENVIRONMENT)
OLD = SETTINGS.secret_max_age + 1


def reader(clock: Clock | None = None) -> SecretReader:
    return SecretReader(SETTINGS, clock or Clock())


def test_gives_the_account_and_what_segment_signs_with(aws: Aws) -> None:
    aws.put_secret(SECRET | {"sharedSecretPrevious": "older", "integrationToken": "token"})
    account = Account("https://r1-api.dotdigital.com", SECRET["username"], SECRET["password"], "token")
    assert reader().account() == account
    assert reader().read().shared_secrets == ("local-shared-secret", "older")


def test_an_empty_shared_secret_is_none(aws: Aws) -> None:
    aws.put_secret(SECRET | {"sharedSecret": ""})
    assert reader().read().shared_secrets == ()


def test_a_rotation_is_seen_after_the_max_age(aws: Aws) -> None:
    clock = Clock()
    aws.put_secret(SECRET)
    kept = reader(clock)
    kept.read()
    aws.put_secret(SECRET | {"password": "rotated"})
    assert kept.read().password == SECRET["password"]
    clock.seconds += SETTINGS.secret_max_age + 1
    assert kept.read().password == "rotated"


def test_a_rotation_is_seen_at_once_when_asked_again(aws: Aws) -> None:
    clock = Clock()
    aws.put_secret(SECRET)
    kept = reader(clock)
    kept.read()
    aws.put_secret(SECRET | {"password": "rotated"})
    clock.seconds += 7
    assert kept.age == 7
    assert kept.account_again().password == "rotated"
    assert kept.age == 0


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("region=r1", "is not JSON"),
        ("[]", "is not right"),
        ({key: value for key, value in SECRET.items() if key != "password"}, "password: Field required"),
        ({key: value for key, value in SECRET.items() if key != "sharedSecret"}, "sharedSecret: Field required"),
        (SECRET | {"region": "r4"}, "region: Input should be 'r1', 'r2' or 'r3'"),
        (SECRET | {"username": ""}, "username: String should have at least 1 character"),
        (SECRET | {"password": 12345678}, "password: Input should be a valid string"),
    ],
)
def test_a_secret_that_is_not_right_is_named_with_its_key_and_without_values(
    aws: Aws, value: Mapping[str, Any] | str, problem: str
) -> None:
    aws.put_secret(value)
    with pytest.raises(SecretError) as caught:
        reader().read()
    message = str(caught.value)
    assert SECRET_ID in message
    assert problem in message
    assert not any(str(secret) in message for secret in ("12345678", *SECRET.values()) if secret != "r1")


def test_a_secret_that_is_absent_is_named(aws: Aws) -> None:
    with pytest.raises(SecretError, match=f"the secret {SECRET_ID} cannot be read"):
        reader().read()


def test_the_secret_does_not_show_in_a_representation(aws: Aws) -> None:
    aws.put_secret(SECRET)
    shown = repr(reader().read()) + repr(reader().account())
    assert SECRET["password"] not in shown
    assert SECRET["sharedSecret"] not in shown


def answer(password: str) -> Step:
    """Secrets Manager gives a secret with that password."""
    return json_answer(json.dumps({"SecretString": json.dumps(SECRET | {"password": password})}))


REFUSED = json_answer('{"__type": "AccessDeniedException"}', "400 Bad Request")
BROKEN = json_answer(json.dumps({"SecretString": "not JSON"}))
FAILED = json_answer('{"__type": "InternalServiceError"}', "500 Internal Server Error")

SecretsManager = Callable[..., WireServer]


@pytest.fixture
def secrets_manager(monkeypatch: pytest.MonkeyPatch) -> SecretsManager:
    """Secrets Manager as a script of what it does."""
    for name, value in {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)

    def started(*steps: Step) -> WireServer:
        server = WireServer(*steps)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.url)
        return server

    return started


@pytest.mark.parametrize("trouble", [drop, hang, FAILED, REFUSED, BROKEN])
def test_the_secret_in_memory_is_used_while_no_other_can_be_read_and_asked_for_every_ten_seconds(
    secrets_manager: SecretsManager, trouble: Step
) -> None:
    clock = Clock()
    passwords = []
    with secrets_manager(answer("first"), trouble, trouble, answer("second")) as server:
        kept = reader(clock)
        for seconds in (0, OLD, 9, 2, 11):
            clock.seconds += seconds
            passwords.append((kept.read().password, len(server.received)))
    assert passwords == [("first", 1), ("first", 2), ("first", 2), ("first", 3), ("second", 4)]


@pytest.mark.parametrize(("trouble", "attempts"), [(drop, 2), (FAILED, 2), (REFUSED, 1), (BROKEN, 1)])
def test_without_a_secret_in_memory_each_event_asks(
    secrets_manager: SecretsManager, trouble: Step, attempts: int
) -> None:
    with secrets_manager(*[trouble] * attempts, answer("mended")):
        kept = reader()
        with pytest.raises(SecretError):
            kept.read()
        assert kept.read().password == "mended"


def test_one_answer_that_is_lost_keeps_no_first_event_waiting(secrets_manager: SecretsManager) -> None:
    with secrets_manager(drop, answer("first")):
        assert reader().read().password == "first"


def test_after_a_refusal_the_secret_in_memory_does_not_do_and_is_asked_for_every_ten_seconds(
    secrets_manager: SecretsManager,
) -> None:
    clock = Clock()
    with secrets_manager(answer("first"), drop, answer("second")) as server:
        kept = reader(clock)
        kept.read()
        for seconds in (0, 9):
            clock.seconds += seconds
            with pytest.raises(SecretError):
                kept.account_again()
            assert (kept.read().password, len(server.received)) == ("first", 2)
        clock.seconds += 2
        assert kept.account_again().password == "second"


@pytest.mark.parametrize("trouble", [REFUSED, BROKEN])
def test_after_a_refusal_a_secret_that_was_mended_is_seen_at_once(
    secrets_manager: SecretsManager, trouble: Step
) -> None:
    with secrets_manager(answer("first"), trouble, answer("second")):
        kept = reader()
        kept.read()
        with pytest.raises(SecretError):
            kept.account_again()
        assert kept.account_again().password == "second"


def test_what_cannot_be_used_is_counted_each_time_that_it_is_read(
    secrets_manager: SecretsManager, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    with secrets_manager(answer("first"), BROKEN, drop):
        kept = reader(clock)
        for seconds in (0, OLD, 5, 6):
            clock.seconds += seconds
            kept.read()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["SecretUnusable"] for line in lines if "_aws" in line] == [[1.0], [1.0]]
    assert [(record.message, vars(record)["seconds"]) for record in caplog.records] == [
        ("the secret as it was is used", OLD),
        ("the secret as it was is used", OLD + 11),
    ]

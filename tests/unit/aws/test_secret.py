import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from aws.secret import SecretError, SecretReader
from aws.settings import Settings
from dotdigital import Account
from tests.support.aws import ENVIRONMENT, SECRET, SECRET_ID, Aws, credentials
from tests.support.dotdigital_server import Clock
from tests.support.wire_server import Step, WireServer, drop, hang, json_response

SETTINGS = Settings.from_environment(ENVIRONMENT)
OLD = SETTINGS.secret_max_age + 1


@pytest.fixture
def reader(clock: Clock) -> SecretReader:
    return SecretReader(SETTINGS, clock)


def test_gives_the_account_and_what_segment_signs_with(aws: Aws, reader: SecretReader) -> None:
    aws.put_secret(SECRET | {"sharedSecretPrevious": "older", "integrationToken": "token"})
    account = Account("https://r1-api.dotdigital.com", SECRET["username"], SECRET["password"], "token")
    assert (reader.account(), reader.read().shared_secrets) == (account, (SECRET["sharedSecret"], "older"))
    shown = repr(reader.read()) + repr(reader.account())
    assert SECRET["password"] not in shown
    assert SECRET["sharedSecret"] not in shown


def test_an_empty_shared_secret_is_none(aws: Aws, reader: SecretReader) -> None:
    aws.put_secret(SECRET | {"sharedSecret": ""})
    assert reader.read().shared_secrets == ()


def test_a_rotation_is_seen_after_the_max_age_and_at_once_after_a_refusal(
    aws: Aws, reader: SecretReader, clock: Clock
) -> None:
    aws.put_secret(SECRET)
    reader.read()
    aws.put_secret(SECRET | {"password": "second"})
    clock.seconds += OLD - 1
    assert (reader.read().password, reader.age) == (SECRET["password"], OLD - 1)
    clock.seconds += 1
    assert (reader.read().password, reader.age) == ("second", 0)
    aws.put_secret(SECRET | {"password": "third"})
    assert reader.account_again().password == "third"


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
        (None, "cannot be read"),
    ],
)
def test_a_secret_that_is_not_right_is_named_with_its_key_and_without_values(
    aws: Aws, reader: SecretReader, value: Mapping[str, Any] | str | None, problem: str
) -> None:
    if value is not None:
        aws.put_secret(value)
    with pytest.raises(SecretError, match=f"the secret {SECRET_ID} .*{problem}") as caught:
        reader.read()
    assert not any(str(secret) in str(caught.value) for secret in ("12345678", *SECRET.values()) if secret != "r1")


def secret(password: str) -> Step:
    """Secrets Manager gives a secret with that password."""
    return json_response(json.dumps({"SecretString": json.dumps(SECRET | {"password": password})}))


REFUSED = json_response('{"__type": "AccessDeniedException"}', "400 Bad Request")
BROKEN = json_response(json.dumps({"SecretString": "not JSON"}))
FAILED = json_response('{"__type": "InternalServiceError"}', "500 Internal Server Error")

SecretsManager = Callable[..., WireServer]


@pytest.fixture
def secrets_manager(monkeypatch: pytest.MonkeyPatch) -> SecretsManager:
    """Secrets Manager as a script of what it does."""

    def started(*steps: Step) -> WireServer:
        server = WireServer(*steps)
        for name, value in credentials(server.url).items():
            monkeypatch.setenv(name, value)
        return server

    return started


@pytest.mark.parametrize("trouble", [drop, hang, FAILED, REFUSED, BROKEN])
def test_the_secret_in_memory_is_used_while_no_other_can_be_read_and_asked_for_every_ten_seconds(
    secrets_manager: SecretsManager, reader: SecretReader, clock: Clock, trouble: Step
) -> None:
    passwords = []
    with secrets_manager(secret("first"), trouble, trouble, secret("second")) as server:
        for seconds in (0, OLD, 9, 2, 11):
            clock.seconds += seconds
            passwords.append((reader.read().password, len(server.received)))
    assert passwords == [("first", 1), ("first", 2), ("first", 2), ("first", 3), ("second", 4)]


@pytest.mark.parametrize(("trouble", "attempts"), [(drop, 2), (FAILED, 2), (REFUSED, 1), (BROKEN, 1)])
def test_without_a_secret_in_memory_each_event_asks(
    secrets_manager: SecretsManager, reader: SecretReader, trouble: Step, attempts: int
) -> None:
    with secrets_manager(*[trouble] * attempts, secret("mended")):
        with pytest.raises(SecretError):
            reader.read()
        assert reader.read().password == "mended"


def test_one_response_that_is_lost_keeps_no_first_event_waiting(
    secrets_manager: SecretsManager, reader: SecretReader
) -> None:
    with secrets_manager(drop, secret("first")):
        assert reader.read().password == "first"


def test_after_a_refusal_the_secret_in_memory_does_not_do_and_is_asked_for_every_ten_seconds(
    secrets_manager: SecretsManager, reader: SecretReader, clock: Clock
) -> None:
    with secrets_manager(secret("first"), drop, secret("second")) as server:
        reader.read()
        for seconds in (0, 9):
            clock.seconds += seconds
            with pytest.raises(SecretError):
                reader.account_again()
            assert (reader.read().password, len(server.received)) == ("first", 2)
        clock.seconds += 2
        assert reader.account_again().password == "second"


@pytest.mark.parametrize("trouble", [REFUSED, BROKEN])
def test_after_a_refusal_a_secret_that_was_mended_is_seen_at_once(
    secrets_manager: SecretsManager, reader: SecretReader, trouble: Step
) -> None:
    with secrets_manager(secret("first"), trouble, secret("second")):
        reader.read()
        with pytest.raises(SecretError):
            reader.account_again()
        assert reader.account_again().password == "second"


def test_what_cannot_be_used_is_counted_each_time_that_it_is_read(
    secrets_manager: SecretsManager,
    reader: SecretReader,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with secrets_manager(secret("first"), BROKEN, drop):
        for seconds in (0, OLD, 5, 6):
            clock.seconds += seconds
            reader.read()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["SecretUnusable"] for line in lines if "_aws" in line] == [[1.0], [1.0]]
    assert [(record.message, vars(record)["seconds"]) for record in caplog.records] == [
        ("the secret as it was is used", OLD),
        ("the secret as it was is used", OLD + 11),
    ]

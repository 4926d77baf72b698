from collections.abc import Mapping
from typing import Any

import pytest

from dotdigital import Account
from lambda_runtime.secret import SecretError, SecretReader
from lambda_runtime.settings import Settings
from tests.support.aws import ENVIRONMENT, SECRET, SECRET_ID, Aws

SETTINGS = Settings.from_environment(ENVIRONMENT)


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


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

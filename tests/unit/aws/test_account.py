from typing import Any

import pytest

from aws.account import AccountClient, seconds_left
from aws.secret import SecretReader
from aws.settings import Settings
from dev.sandbox.server import Sandbox
from dotdigital import CredentialsRefusedError
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import Context


@pytest.fixture
def account(aws: Aws, sandbox: Sandbox) -> AccountClient:
    """The account of the sandbox, whose secret was read just now."""
    aws.put_secret(SECRET)
    settings = Settings.from_environment(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": sandbox.url})
    account = AccountClient(settings, SecretReader(settings, Clock()))
    account.within(5)
    return account


def test_a_password_that_was_changed_is_read_at_once(aws: Aws, account: AccountClient, sandbox: Sandbox) -> None:
    sandbox.admit(sandbox.username, "new")
    aws.put_secret(SECRET | {"password": "new"})
    sandbox.fail("status", status=401)
    assert len(account.within(5).lists.all()) == 5


def test_a_secret_that_cannot_be_read_again_leaves_the_refusal(
    aws: Aws, account: AccountClient, sandbox: Sandbox
) -> None:
    aws.put_secret("{}")
    sandbox.fail("status", status=401)
    with pytest.raises(CredentialsRefusedError):
        account.within(5).lists.all()


@pytest.mark.parametrize(("remaining", "seconds"), [(30, 9), (10, 9), (8, 7), (None, 9)])
def test_requests_end_a_second_before_the_function_and_in_time_for_who_waits(
    remaining: float | None, seconds: float
) -> None:
    context: Any = None if remaining is None else Context(remaining)
    assert seconds_left(context, 9) == seconds

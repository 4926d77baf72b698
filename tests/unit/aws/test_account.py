from typing import Any

import pytest

from aws.account import AccountClient, seconds_left
from aws.secret import SecretReader
from aws.settings import Settings
from catalog.listings import KeptListings, listing
from dev.sandbox.server import Sandbox
from dotdigital import ContactList, CredentialsRefusedError
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import Context

LISTS = listing("lists")


def secret_of(sandbox: Sandbox, **differences: str) -> dict[str, Any]:
    return SECRET | {"username": sandbox.username, "password": sandbox.password} | differences


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def account(aws: Aws, sandbox: Sandbox, clock: Clock) -> AccountClient:
    """The account of the sandbox, whose secret was read just now."""
    aws.put_secret(secret_of(sandbox))
    settings = Settings.from_environment(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": sandbox.url})
    return AccountClient(settings, SecretReader(settings, clock))


def test_what_was_read_is_given_again_until_it_is_old_or_forgotten(
    account: AccountClient, sandbox: Sandbox, clock: Clock
) -> None:
    listings = KeptListings(clock)
    first = listings.items(LISTS, account.within(5))
    assert first[2] == ContactList(301, "Newsletter", "Public", 2)
    clock.seconds += 300
    assert listings.items(LISTS, account.within(5)) is first
    listings.forget(LISTS)
    assert listings.items(LISTS, account.within(5)) == first
    assert len(sandbox.requests) == 2


def test_a_password_that_was_changed_is_read_at_once(aws: Aws, account: AccountClient, sandbox: Sandbox) -> None:
    account.within(5)
    sandbox.admit(sandbox.username, "new")
    aws.put_secret(secret_of(sandbox, password="new"))
    sandbox.fail("status", status=401)
    assert len(LISTS.read(account.within(5))) == 5


def test_a_secret_that_cannot_be_read_again_leaves_the_refusal(
    aws: Aws, account: AccountClient, sandbox: Sandbox
) -> None:
    account.within(5)
    aws.put_secret("{}")
    sandbox.fail("status", status=401)
    with pytest.raises(CredentialsRefusedError):
        LISTS.read(account.within(5))


@pytest.mark.parametrize(("remaining", "seconds"), [(30, 9), (10, 9), (8, 7)])
def test_calls_end_a_second_before_the_function_and_in_time_for_who_waits(remaining: float, seconds: float) -> None:
    context: Any = Context(remaining)
    assert seconds_left(context, 9) == seconds


def test_without_a_context_only_who_waits_bounds_the_calls() -> None:
    assert seconds_left(None, 9) == 9

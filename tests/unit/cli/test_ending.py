import os
import signal
from collections.abc import Iterator

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    InvalidConfigError,
    PartialCredentialsError,
    ProfileNotFound,
)

from cli.ending import Interruption, explain_aws_error

LOG_IN = "Log in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "AccessDenied",
            "AWS denies sqs:SendMessage in stack shop (AccessDenied). Ask for the rights that docs/operating.md lists, "
            "or use other credentials (AWS_PROFILE).",
        ),
        ("ExpiredToken", f"AWS does not take the credentials (ExpiredToken). {LOG_IN}"),
        ("InvalidClientTokenId", f"AWS does not take the credentials (InvalidClientTokenId). {LOG_IN}"),
        (
            "AWS.SimpleQueueService.NonExistentQueue",
            "A queue of stack shop is gone: was the stack removed or renamed just now? Try again.",
        ),
        ("Odd", "SQS responds Odd to SendMessage in stack shop. Try again; what was done stays done."),
    ],
)
def test_a_response_of_aws_says_what_to_do_without_its_own_words(code: str, text: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "arn:aws:iam::1:user/me"}}, "SendMessageBatch")
    assert explain_aws_error(error, "stack shop") == text


def test_the_service_of_an_operation_is_named() -> None:
    error = ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetSecretValue")
    assert explain_aws_error(error, "stack shop").startswith("AWS denies secretsmanager:GetSecretValue in stack shop")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ProfileNotFound(profile="x"), "AWS_PROFILE names a profile that is not in ~/.aws/config"),
        (PartialCredentialsError(provider="env", cred_var="x"), "No AWS credentials were found."),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "There is no response from stack shop: check the"),
        (InvalidConfigError(error_msg="x"), "InvalidConfigError at stack shop: check AWS_PROFILE and ~/.aws/config."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_response_of_aws_says_what_to_do(error: ClientError, text: str) -> None:
    assert explain_aws_error(error, "stack shop").startswith(text)


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """Nothing is ignored, even where the tests run in the background of a shell."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_ctrl_c_and_afterwards_what_it_was(number: signal.Signals) -> None:
    former = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), Interruption():
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is former


def test_what_nohup_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with Interruption():
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def work(signals: int, done: list[str]) -> None:
    """Two steps, the first of which gets so many signals."""
    with Interruption() as interruption:
        with interruption.held():
            for _ in range(signals):
                os.kill(os.getpid(), signal.SIGINT)
            done.append("first")
        done.append("second")


def test_without_a_signal_all_is_done() -> None:
    done: list[str] = []
    work(0, done)
    assert done == ["first", "second"]


@pytest.mark.parametrize(("signals", "expected"), [(1, ["first"]), (2, [])])
def test_a_step_is_finished_first_unless_a_person_insists(signals: int, expected: list[str]) -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        work(signals, done)
    assert done == expected

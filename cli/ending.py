"""How a command ends: its exit status, what stood in its way, and Ctrl-C."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Final, Self

import typer
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

from cli.output import Output

DONE: Final = 0
NOT_ALL: Final = 1
CANNOT: Final = 2
STOPPED: Final = 130

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SERVICES: Final = {
    "DescribeStacks": ("cloudformation", "CloudFormation"),
    "GetSecretValue": ("secretsmanager", "Secrets Manager"),
    "PutSecretValue": ("secretsmanager", "Secrets Manager"),
    "FilterLogEvents": ("logs", "CloudWatch Logs"),
    "DescribeAlarms": ("cloudwatch", "CloudWatch"),
    "GetMetricData": ("cloudwatch", "CloudWatch"),
    "GetFunction": ("lambda", "Lambda"),
    "GetLayerVersion": ("lambda", "Lambda"),
}
"""The service of an operation, in rights and in words; all others are of SQS."""
_DENIED: Final = ("AccessDenied", "NotAuthorized", "UnauthorizedOperation")
_WRONG_CREDENTIALS: Final = ("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "SignatureDoesNotMatch")
_CREDENTIALS: Final = "Log in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


class CommandError(Exception):
    """A fault that stops a command. The text says what to do; it is all that the person needs to see."""


class Interruption:
    """Turns SIGINT, SIGTERM and SIGHUP into KeyboardInterrupt, but those that nohup or a shell ignores."""

    def __init__(self) -> None:
        """Begin with no signal arrived."""
        self._former: dict[int, Any] = {}
        self._is_held = False
        self._has_arrived = False

    def __enter__(self) -> Self:
        """Take the signals over."""
        numbers = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._former = {number: signal.signal(number, self._on_signal) for number in numbers}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give the signals back."""
        for number, handler in self._former.items():
            signal.signal(number, handler)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Finish the step first; a second signal does not wait."""
        self._is_held, self._has_arrived = True, False
        try:
            yield
        finally:
            self._is_held = False
        if self._has_arrived:
            raise KeyboardInterrupt

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._is_held and not self._has_arrived:
            self._has_arrived = True
            return
        raise KeyboardInterrupt


@contextmanager
def ending(output: Output, where: str = "AWS") -> Iterator[Interruption]:
    """Say what stopped the command, if anything did: exit 2 for an error, 130 where a person stopped it.

    `where` is what errors of AWS name as their place.
    """
    try:
        with Interruption() as interruption:
            yield interruption
    except (BotoCoreError, ClientError) as error:
        output.remark(explain_aws_error(error, where), "red")
        raise typer.Exit(CANNOT) from None
    except CommandError as error:
        output.remark(str(error), "red")
        raise typer.Exit(CANNOT) from None
    except (KeyboardInterrupt, typer.Abort):
        output.remark("Stopped.")
        raise typer.Exit(STOPPED) from None


def explain_aws_error(error: BotoCoreError | ClientError, where: str) -> str:
    """Say what boto3's error means and what to do about it, without AWS's own words."""
    return _response_error(error, where) if isinstance(error, ClientError) else _no_response(error, where)


def _response_error(error: ClientError, where: str) -> str:
    code = error.response.get("Error", {}).get("Code", "unknown")
    operation = error.operation_name.removesuffix("Batch")
    service, name = _SERVICES.get(operation, ("sqs", "SQS"))
    if any(part in code for part in _DENIED):
        return (
            f"AWS denies {service}:{operation} in {where} ({code}). Ask for the rights that docs/operating.md lists, "
            "or use other credentials (AWS_PROFILE)."
        )
    if any(part in code for part in _WRONG_CREDENTIALS):
        return f"AWS does not take the credentials ({code}). {_CREDENTIALS}"
    if "NonExistentQueue" in code or "QueueDoesNotExist" in code:
        return f"A queue of {where} is gone: was the stack removed or renamed just now? Try again."
    return f"{name} responds {code} to {operation} in {where}. Try again; what was done stays done."


def _no_response(error: BotoCoreError, where: str) -> str:
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"No AWS credentials were found. {_CREDENTIALS} For the local run add --local."
    if isinstance(error, NoRegionError):
        return "No AWS region is set: set AWS_DEFAULT_REGION, or a region in your profile."
    if isinstance(error, ProfileNotFound):
        return "AWS_PROFILE names a profile that is not in ~/.aws/config: correct it or unset it."
    if isinstance(error, ConnectionError | HTTPClientError):
        return f"There is no response from {where}: check the network, or, with --local, that `make run` still runs."
    return f"{type(error).__name__} at {where}: check AWS_PROFILE and ~/.aws/config."

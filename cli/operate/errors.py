"""What stops a command for a reason that the person at the keyboard can act on."""

from typing import Final

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

_DENIED: Final = ("AccessDenied", "NotAuthorized", "UnauthorizedOperation")
_WRONG_CREDENTIALS: Final = ("ExpiredToken", "InvalidClientTokenId", "UnrecognizedClient", "SignatureDoesNotMatch")
_CREDENTIALS: Final = "Log in (`aws sso login`), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."


class OperateError(Exception):
    """A fault whose text says what to do; it is all that the person needs to see."""


def explained(error: BotoCoreError | ClientError, place: str) -> OperateError:
    """Say what boto3's error at `place` means and what to do about it."""
    if isinstance(error, ClientError):
        return OperateError(_answer(error, place))
    return OperateError(_no_answer(error, place))


def _answer(error: ClientError, place: str) -> str:
    code = error.response.get("Error", {}).get("Code", "unknown")
    action = error.operation_name.removesuffix("Batch")
    if any(part in code for part in _DENIED):
        return (
            f"AWS denies sqs:{action} in {place} ({code}). Ask for the rights that docs/operating.md lists, "
            "or use other credentials (AWS_PROFILE)."
        )
    if any(part in code for part in _WRONG_CREDENTIALS):
        return f"AWS does not take the credentials ({code}). {_CREDENTIALS}"
    if "NonExistentQueue" in code or "QueueDoesNotExist" in code:
        return f"A queue of {place} is gone: was the stack removed or renamed just now? Try again."
    return f"SQS answered {code} to {action} in {place}. Try again; what was done stays done."


def _no_answer(error: BotoCoreError, place: str) -> str:
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"No AWS credentials were found. {_CREDENTIALS} For the local run add --local."
    if isinstance(error, NoRegionError):
        return "No AWS region is set: set AWS_DEFAULT_REGION, or a region in your profile."
    if isinstance(error, ProfileNotFound):
        return "AWS_PROFILE names a profile that is not in ~/.aws/config: correct it or unset it."
    if isinstance(error, ConnectionError | HTTPClientError):
        return f"There is no answer from {place}: check the network, or, with --local, that `make run` still runs."
    return f"{type(error).__name__} at {place}: check AWS_PROFILE and ~/.aws/config."

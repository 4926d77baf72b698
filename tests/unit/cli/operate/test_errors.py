import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    InvalidConfigError,
    PartialCredentialsError,
    ProfileNotFound,
)

from cli.operate.errors import explained

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
        ("Odd", "SQS answered Odd to SendMessage in stack shop. Try again; what was done stays done."),
    ],
)
def test_an_answer_of_aws_says_what_to_do_without_its_own_words(code: str, text: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "arn:aws:iam::1:user/me"}}, "SendMessageBatch")
    assert str(explained(error, "stack shop")) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ProfileNotFound(profile="x"), "AWS_PROFILE names a profile that is not in ~/.aws/config"),
        (PartialCredentialsError(provider="env", cred_var="x"), "No AWS credentials were found."),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), "There is no answer from stack shop: check the"),
        (InvalidConfigError(error_msg="x"), "InvalidConfigError at stack shop: check AWS_PROFILE and ~/.aws/config."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_answer_of_aws_says_what_to_do(error: ClientError, text: str) -> None:
    assert str(explained(error, "stack shop")).startswith(text)

import pytest

from aws.api_gateway import is_webhook_secret
from aws.secret import Secret
from tests.support.aws import SECRET


@pytest.mark.parametrize(
    ("webhook_secret", "given", "expected"),
    [
        ("long and random", "long and random", True),
        ("long and random", "long and randon", False),
        ("long and random", "\ud800", False),
        ("long and random", None, False),
        ("", "", False),
        (None, "", False),
        (None, None, False),
    ],
)
def test_a_webhook_secret_is_the_one_of_the_secret(
    webhook_secret: str | None, given: str | None, expected: bool
) -> None:
    secret = Secret.model_validate(SECRET | {"webhookSecret": webhook_secret})
    assert is_webhook_secret(secret, given) is expected

"""The secret: Dotdigital's credentials, and what Segment signs with. Read from Secrets Manager, kept some minutes.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
"""

import json
import time
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from aws.observability import count_cause, logger
from aws.settings import Settings
from dotdigital import Account

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_CONNECT_SECONDS: Final = 0.5
_READ_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 10.0
"""For so long after an attempt that failed there is no other where it can be done without: no event waits for that."""


UNUSABLE: Final = "the secret of this function cannot be used"
"""What a response says of it. The log says why."""


class SecretError(RuntimeError):
    """The secret cannot be used. The message names the secret and the key at fault, and holds no value."""


class Secret(BaseModel):
    """What the secret's JSON holds."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    region: Literal["r1", "r2", "r3"] = Field(description="The account's region.")
    username: str = Field(min_length=1, description="The API user.")
    password: str = Field(min_length=1, repr=False, description="The API user's password.")
    shared_secret: str = Field(
        alias="sharedSecret",
        repr=False,
        description='The Shared Secret of the webhook in Segment. "" turns off the check of signatures.',
    )
    shared_secret_previous: str | None = Field(
        None, alias="sharedSecretPrevious", repr=False, description="The previous shared secret, while you rotate it."
    )
    webhook_secret: str | None = Field(
        None,
        alias="webhookSecret",
        repr=False,
        description="If set, every request must bring it as X-Webhook-Secret (/audiences: or in the query).",
    )
    integration_token: str | None = Field(
        None, alias="integrationToken", repr=False, description="The token that Dotdigital gives to a verified partner."
    )

    @property
    def shared_secrets(self) -> tuple[str, ...]:
        """What Segment may sign with: the current secret and the one before it."""
        return tuple(secret for secret in (self.shared_secret, self.shared_secret_previous) if secret)


class SecretReader:
    """Reads the secret and keeps the last one that can be used: while it is young, and while no other can be read.

    One that cannot be used is never kept. An attempt to read takes up to 1.5 seconds; without a secret in memory a
    second follows where no response came.
    """

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Read nothing yet."""
        self.settings = settings
        self._monotonic = monotonic
        self.forget()

    @property
    def age(self) -> float:
        """Seconds since a secret that can be used was last read from Secrets Manager."""
        return self._monotonic() - self._read_at

    def load(self) -> None:
        """Make what reads the secret, and read nothing."""
        _ = self._client

    def forget(self) -> None:
        """Read the secret anew when it is next asked for."""
        self._secret: Secret | None = None
        self._read_at = self._failed_at = self._away_at = float("-inf")

    def read(self) -> Secret:
        """Give the secret, from memory while it is young or no other can be used. Raises SecretError."""
        if not self._secret:
            return self._fetch()
        if self.age <= self.settings.secret_max_age or self._is_just_now(self._failed_at):
            return self._secret
        try:
            return self._fetch()
        except SecretError as error:
            logger.warning("the secret as it was is used", seconds=round(self.age), reason=str(error))
            return self._secret

    def read_again(self) -> Secret:
        """Give the secret as it is now: after a refusal that a rotation may explain. Raises SecretError."""
        if self._is_just_now(self._away_at):
            raise SecretError(f"the secret {self.settings.secret_id} could not be read just now")
        return self._fetch()

    def account(self) -> Account:
        """Give the account: credentials and address. Raises SecretError."""
        return self._account_of(self.read())

    def account_again(self) -> Account:
        """Give the account as the secret says now. Raises SecretError."""
        return self._account_of(self.read_again())

    def renewed_account(self) -> Account | None:
        """Give the account as the secret says now, None where it cannot be read: the log says why."""
        # Raising here would lose what other subscriptions of the event have done already.
        try:
            return self.account_again()
        except SecretError as error:
            logger.error(str(error))
            return None

    def _account_of(self, secret: Secret) -> Account:
        base_url = self.settings.base_url_of(secret.region)
        return Account(base_url, secret.username, secret.password, secret.integration_token)

    def _fetch(self) -> Secret:
        try:
            secret = parse_secret(self.settings.secret_id, self._text(attempts=1 if self._secret else 2))
        except SecretError:
            self._failed_at = self._monotonic()
            count_cause("SecretUnusable", self.settings)
            raise
        self._secret, self._read_at = secret, self._monotonic()
        return secret

    def _text(self, attempts: int) -> str | None:
        name = self.settings.secret_id
        try:
            return self._client.get_secret_value(SecretId=name).get("SecretString")
        except (BotoCoreError, ClientError) as error:
            if _is_away(error):
                self._away_at = self._monotonic()
                if attempts > 1:
                    return self._text(attempts - 1)
            raise SecretError(f"the secret {name} cannot be read: {_first_line(error)}") from None

    def _is_just_now(self, since: float) -> bool:
        return self._monotonic() - since < _PAUSE_SECONDS

    @cached_property
    def _client(self) -> "SecretsManagerClient":
        # Half of what a start would take, so it is loaded when it is needed.
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        config = Config(connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries={"total_max_attempts": 1})
        return boto3.client("secretsmanager", config=config)


def parse_secret(name: str, text: str | None) -> Secret:
    """Read the JSON of the secret `name`. Raises SecretError that names every key at fault and holds no value."""
    try:
        return Secret.model_validate(json.loads(text or ""))
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise SecretError(f"the secret {name} is not right: {'; '.join(problems)}") from None
    except (TypeError, ValueError):
        raise SecretError(f"the secret {name} is not JSON; put {{region, username, password, sharedSecret}}") from None


def _is_away(error: BotoCoreError | ClientError) -> bool:
    """Tell whether Secrets Manager said nothing of the secret: another attempt may do."""
    if not isinstance(error, ClientError):
        return True
    return error.response["ResponseMetadata"]["HTTPStatusCode"] >= HTTPStatus.INTERNAL_SERVER_ERROR


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]

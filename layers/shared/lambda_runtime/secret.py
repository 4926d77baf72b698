"""The secret: who calls Dotdigital, and what Segment signs with. Read through Powertools, kept some minutes.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/parameters/
"""

import json
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dotdigital import Account
from lambda_runtime.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider


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
        description='The shared secret of the webhook in Segment. "" switches the check of signatures off.',
    )
    shared_secret_previous: str | None = Field(
        None, alias="sharedSecretPrevious", repr=False, description="The shared secret before, while it is changed."
    )
    webhook_secret: str | None = Field(
        None,
        alias="webhookSecret",
        repr=False,
        description="Where set, every request must bring it in the header X-Webhook-Secret, or for /audiences in the "
        "query as webhookSecret. It covers a whole batch.",
    )
    integration_token: str | None = Field(
        None, alias="integrationToken", repr=False, description="Dotdigital's token for a verified partner."
    )

    @property
    def shared_secrets(self) -> tuple[str, ...]:
        """What Segment may sign with: the current secret and the one before it."""
        return tuple(secret for secret in (self.shared_secret, self.shared_secret_previous) if secret)


class SecretReader:
    """Reads the secret. One that cannot be used is not kept, so that a mended one is seen at once."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Read nothing yet."""
        self._settings = settings
        self._monotonic = monotonic
        self._fetched_at = float("-inf")

    @property
    def age(self) -> float:
        """Seconds since a secret that can be used was last read from Secrets Manager."""
        return self._monotonic() - self._fetched_at

    def load(self) -> None:
        """Make what reads the secret, and read nothing."""
        _ = self._provider

    def forget(self) -> None:
        """Read the secret anew when it is next asked for."""
        self._fetched_at = float("-inf")

    def read(self) -> Secret:
        """Give the secret, from memory while it is young. Raises SecretError."""
        return self._read(force=self.age > self._settings.secret_max_age)

    def read_again(self) -> Secret:
        """Give the secret as it is now: after a refusal that a rotation may explain. Raises SecretError."""
        return self._read(force=True)

    def account(self) -> Account:
        """Give who calls Dotdigital and where."""
        return self._account_of(self.read())

    def account_again(self) -> Account:
        """Give who calls Dotdigital and where, as the secret says now."""
        return self._account_of(self.read_again())

    def _account_of(self, secret: Secret) -> Account:
        base_url = self._settings.base_url_of(secret.region)
        return Account(base_url, secret.username, secret.password, secret.integration_token)

    def _read(self, *, force: bool) -> Secret:
        from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError  # noqa: PLC0415

        name = self._settings.secret_id
        try:
            text = self._provider.get(name, max_age=self._settings.secret_max_age, force_fetch=force)
        except GetParameterError as error:
            raise SecretError(f"the secret {name} cannot be read: {_first_line(error)}") from None
        secret = _parse(name, text)
        if force:
            self._fetched_at = self._monotonic()
        return secret

    @cached_property
    def _provider(self) -> "SecretsProvider":
        # boto3 comes with it, half of what a start would take, so it is loaded when it is needed. Powertools would make
        # the client in a session of its own, which shares nothing of what botocore has loaded with other clients.
        import boto3  # noqa: PLC0415
        from aws_lambda_powertools.utilities.parameters import SecretsProvider  # noqa: PLC0415

        return SecretsProvider(boto3_client=boto3.client("secretsmanager"))


def _parse(name: str, text: Any) -> Secret:
    try:
        return Secret.model_validate(json.loads(text))
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
        raise SecretError(f"the secret {name} is not right: {'; '.join(problems)}") from None
    except (TypeError, ValueError):
        raise SecretError(f"the secret {name} is not JSON; put {{region, username, password, sharedSecret}}") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]

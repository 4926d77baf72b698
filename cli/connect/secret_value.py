"""What a stack's secret becomes: at the first connection, with other credentials, and while its shared secret changes.

Segment drops for good what gets a 401. So a secret that Segment has already stays as it is until it is rotated, and
while it is rotated the stack takes the new one and the one before.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aws.secret import Secret, SecretError, parse_secret
from cli.connect.credentials import Credentials
from cli.ending import CommandError

SHARED: Final = "sharedSecret"
PREVIOUS: Final = "sharedSecretPrevious"
WEBHOOK: Final = "webhookSecret"
_BYTES: Final = 32


@dataclass(frozen=True)
class SecretValue:
    """A value for the secret: its JSON, what it says, and the keys that were made for it just now."""

    content: Mapping[str, Any]
    secret: Secret
    made: tuple[str, ...] = ()


def connected(text: str | None, credentials: Credentials, region: str) -> SecretValue:
    """Put credentials into the value `text`, and make the secrets that Segment is given where it has none yet."""
    content = _object(text)
    made = [key for key in (SHARED, WEBHOOK) if not content.get(SHARED)]
    content |= {"region": region, "username": credentials.username, "password": credentials.password}
    if credentials.integration_token:
        content["integrationToken"] = credentials.integration_token
    return _value(content | {key: secrets.token_urlsafe(_BYTES) for key in made}, made)


def replaces_another(text: str | None, value: SecretValue) -> bool:
    """Tell whether the value `text` has another API user, or another account's region."""
    content = _object(text)
    kept = [content.get(key) for key in ("region", "username")]
    return any(kept) and kept != [value.content["region"], value.content["username"]]


def checks_no_signature(text: str | None) -> bool:
    """Tell whether a value was put that takes unsigned requests."""
    return _object(text).get(SHARED) == ""


def rotated(name: str, text: str | None) -> SecretValue:
    """Make a new shared secret and keep the one before beside it. Raises CommandError."""
    content, secret = _usable(name, text)
    if secret.shared_secret_previous:
        raise CommandError("A rotation is under way: once Segment has the new secret, end it with --rotate --finish.")
    if not secret.shared_secret:
        raise CommandError(f"There is nothing to rotate: {SHARED} is empty. Run connect without --rotate.")
    return _value({**content, SHARED: secrets.token_urlsafe(_BYTES), PREVIOUS: secret.shared_secret}, [SHARED])


def finished(name: str, text: str | None) -> SecretValue:
    """Drop the shared secret that was before. Raises CommandError."""
    content, secret = _usable(name, text)
    if not secret.shared_secret_previous:
        raise CommandError("No rotation is under way: --rotate begins one.")
    return _value({key: value for key, value in content.items() if key != PREVIOUS}, [])


def _usable(name: str, text: str | None) -> tuple[dict[str, Any], Secret]:
    if text is None:
        raise CommandError("The secret has no value yet: run connect without --rotate.")
    try:
        return _object(text), parse_secret(name, text)
    except SecretError as error:
        raise CommandError(f"{error}. Run connect without --rotate.") from None


def _value(content: Mapping[str, Any], made: list[str]) -> SecretValue:
    return SecretValue(content, Secret.model_validate(content), tuple(made))


def _object(text: str | None) -> dict[str, Any]:
    try:
        content = json.loads(text or "")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}

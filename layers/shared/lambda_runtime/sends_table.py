"""The record of sends in DynamoDB, through Powertools Idempotency.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/idempotency/
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from actions.delivery.outcome import Outcome
from actions.delivery.sends import Send
from lambda_runtime.observability import logger
from lambda_runtime.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from lambda_runtime.claims_layer import ClaimsLayer

_LONGEST_LIFE_SECONDS: Final = 900
_KEPT: Final = ("delivered", "in_doubt")
_DAY_SECONDS: Final = 86_400
_COPY: Final = "a copy of an event that was done before: this is what the first came to"


class SendsTable:
    """Claims and keeps sends. A claim never ends by itself, as Powertools' own would: the send may have been made.

    Nothing runs in Lambda for longer than 15 minutes, so a claim that is older was left by a function that broke.
    """

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        """Reach no table yet: the first send does."""
        self._table = settings.sends_table
        self._kept_seconds = settings.sends_kept_days * _DAY_SECONDS
        self._now = now
        self._making = threading.Lock()
        self._layers: dict[bool, ClaimsLayer] = {}
        self._tokens: dict[Send, str] = {}

    def load(self) -> None:
        """Make what reaches the table, and reach it not yet."""
        self._layer(checks_claims=True)

    def claim(self, send: Send) -> Outcome | None:
        """Claim a send; give the outcome that stands against it, None where it may be made."""
        token = str(uuid4())
        try:
            if not self._layer(checks_claims=True).claim(_data(send, token)):
                return self._known(send)
        except (BotoCoreError, ClientError) as error:
            logger.error("the record of sends cannot be reached", error=type(error).__name__)
            return _retry(send, "the record of sends cannot be reached")
        self._tokens[send] = token
        return None

    def settle(self, send: Send, outcome: Outcome) -> None:
        """Keep what was sent or may have been; give up the claim of what was not."""
        token = self._tokens.pop(send, None)
        try:
            if outcome.outcome in _KEPT:
                self._layer(checks_claims=False).save_success(_data(send), outcome.as_json())
            elif token:
                self._layer(checks_claims=True).delete_record(_data(send, token), RuntimeError(outcome.outcome))
        except (BotoCoreError, ClientError) as error:
            # The claim stands, so no copy of the event is sent: it will be in doubt.
            logger.error("the record of sends cannot be written", error=type(error).__name__)

    def _known(self, send: Send) -> Outcome:
        layer = self._layer(checks_claims=False)
        record = layer.record(_data(send))
        if record is None:
            return _retry(send, "another function has just given this send up")
        if record.status == "COMPLETED":
            return Outcome(**{**json.loads(record.response_data), "reason": _COPY})
        if self._now() - layer.claimed_at(record) < _LONGEST_LIFE_SECONDS:
            return _retry(send, "another function is making this send")
        broken = Outcome("in_doubt", send.action, send.subscription, "a function broke in the middle of this send")
        self.settle(send, broken)
        return broken

    def _layer(self, *, checks_claims: bool) -> "ClaimsLayer":
        # Loaded where it is needed: what is no send has no use for it. Threads share it, and boto3 must not make two
        # clients at a time.
        from lambda_runtime.claims_layer import ClaimsLayer  # noqa: PLC0415

        with self._making:
            if checks_claims not in self._layers:
                self._layers[checks_claims] = ClaimsLayer(
                    self._client, self._table, self._kept_seconds, checks_claims=checks_claims
                )
            return self._layers[checks_claims]

    @cached_property
    def _client(self) -> "DynamoDBClient":
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        config = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
        return boto3.client("dynamodb", config=config)


def _data(send: Send, token: str = "") -> dict[str, Any]:
    return {"send": asdict(send), "claim": token}


def _retry(send: Send, reason: str) -> Outcome:
    return Outcome("retry", send.action, send.subscription, reason)

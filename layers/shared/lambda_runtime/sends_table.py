"""The record of sends in DynamoDB, through Powertools Idempotency.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/idempotency/
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final
from uuid import uuid4

import boto3
from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import STATUS_CONSTANTS, DataRecord
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from actions.delivery.outcome import Outcome
from actions.delivery.sends import Send
from lambda_runtime.claims_layer import ClaimsLayer
from lambda_runtime.observability import logger
from lambda_runtime.settings import Settings

_LONGEST_LIFE_SECONDS: Final = 900
_KEPT: Final = ("delivered", "in_doubt")
_DAY_SECONDS: Final = 86_400
_COPY: Final = "a copy of an event that was done before: this is what the first came to"
_CONFIG: Final = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})


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
        self._layers: dict[str, ClaimsLayer] = {}
        self._tokens: dict[Send, str] = {}

    def claim(self, send: Send) -> Outcome | None:
        """Claim a send; give the outcome that stands against it, None where it may be made."""
        token = str(uuid4())
        try:
            self._claims.save_inprogress(_data(send, token), remaining_time_in_millis=self._kept_seconds * 1000)
        except IdempotencyItemAlreadyExistsError as error:
            # A record with this claim's own token: its answer was lost, and botocore asked again.
            if not error.old_data_record:
                return self._known(send)
        except IdempotencyValidationError:
            return self._known(send)
        except (BotoCoreError, ClientError) as error:
            return _unreachable(send, error)
        self._tokens[send] = token
        return None

    def settle(self, send: Send, outcome: Outcome) -> None:
        """Keep what was sent or may have been; give up the claim of what was not."""
        token = self._tokens.pop(send, None)
        try:
            if outcome.outcome in _KEPT:
                self._records.save_success(_data(send), outcome.as_json())
            elif token:
                self._claims.delete_record(_data(send, token), RuntimeError(outcome.outcome))
        except (BotoCoreError, ClientError) as error:
            # The claim stands, so no copy of the event is sent: it will be in doubt.
            logger.error("the record of sends cannot be written", error=type(error).__name__)

    def _known(self, send: Send) -> Outcome:
        try:
            record = self._records.get_record(_data(send))
        except IdempotencyItemNotFoundError:
            return _retry(send, "another function has just given this send up")
        except (BotoCoreError, ClientError) as error:
            return _unreachable(send, error)
        if record and record.status == STATUS_CONSTANTS["COMPLETED"]:
            return Outcome(**{**json.loads(record.response_data), "reason": _COPY})
        if record and self._now() - self._claimed_at(record) < _LONGEST_LIFE_SECONDS:
            return _retry(send, "another function is making this send")
        broken = Outcome("in_doubt", send.action, send.subscription, "a function broke in the middle of this send")
        self.settle(send, broken)
        return broken

    def _claimed_at(self, record: DataRecord) -> float:
        return float(record.in_progress_expiry_timestamp or 0) / 1000 - self._kept_seconds

    @property
    def _claims(self) -> ClaimsLayer:
        return self._layer("claim")

    @property
    def _records(self) -> ClaimsLayer:
        return self._layer("")

    def _layer(self, validated: str) -> ClaimsLayer:
        # Threads share them, and boto3 must not make two clients at a time.
        with self._making:
            if validated not in self._layers:
                config = IdempotencyConfig(
                    event_key_jmespath="send",
                    payload_validation_jmespath=validated,
                    expires_after_seconds=self._kept_seconds,
                    hash_function="sha256",
                )
                client = boto3.client("dynamodb", config=_CONFIG)
                self._layers[validated] = ClaimsLayer(self._table, boto3_client=client)
                self._layers[validated].configure(config, key_prefix="send")
            return self._layers[validated]


def _data(send: Send, token: str = "") -> dict[str, Any]:
    return {"send": asdict(send), "claim": token}


def _unreachable(send: Send, error: Exception) -> Outcome:
    logger.error("the record of sends cannot be reached", error=type(error).__name__)
    return _retry(send, "the record of sends cannot be reached")


def _retry(send: Send, reason: str) -> Outcome:
    return Outcome("retry", send.action, send.subscription, reason)

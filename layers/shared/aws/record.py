"""The record of sends in DynamoDB: a send is claimed before it is made, and its outcome is kept after it.

A record is CLAIMED, then INPROGRESS, then COMPLETED. A request leaves only when this function's own INPROGRESS was
confirmed. So nobody sent what is CLAIMED, and whoever finds it goes on from there: above all the next try of a message
whose claim was written while its responses were lost. What is INPROGRESS may have been sent. Each change of the state
leaves a mark, by which a write is known again whose response was lost.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from aws.observability import logger, shown_error
from aws.settings import Settings
from delivery.claim import LEAST_SECONDS, TOO_LATE, Send
from delivery.outcome import Outcome

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Record = Mapping[str, Mapping[str, str]]
"""An item as DynamoDB writes it, `{"status": {"S": "CLAIMED"}}`; empty where there is none."""

_CONNECT_SECONDS: Final = 0.5
_READ_SECONDS: Final = 1.0
_ATTEMPTS: Final = 3
_PAUSE_SECONDS: Final = 0.1
_LONGEST_LIFE_SECONDS: Final = 900
_DAY_SECONDS: Final = 86_400
_REFUSED: Final = "ConditionalCheckFailedException"
_LONGEST_KEY: Final = 1_000
_KEPT: Final = ("delivered", "in_doubt")
_COPY: Final = "a copy of an event that was done before: this is what the first came to"


class SendsTable:
    """Claims and keeps sends. Threads may share it.

    Nothing runs in Lambda for longer than 15 minutes, so what is INPROGRESS for longer was left by a function that
    broke.
    """

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Reach no table yet: the first send does. `now` gives epoch seconds, `sleep` waits between two attempts."""
        self._table = settings.sends_table
        self._kept_seconds = settings.sends_kept_days * _DAY_SECONDS
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._requests_until = self._record_until = float("inf")
        self._making = threading.Lock()
        self._made: DynamoDBClient | None = None
        self._marks: dict[Send, str] = {}

    def load(self) -> None:
        """Make what reaches the table, and reach it not yet."""
        self.client()

    def finish_within(self, requests: float, recording: float) -> None:
        """Claim while a request to Dotdigital can still be made; they all end in `requests` seconds from now.

        Nothing more is kept or given up after `recording` seconds. A write that has begun takes up to 1.5 seconds.
        """
        self._requests_until = self._monotonic() + requests
        self._record_until = self._monotonic() + recording

    def claim(self, send: Send) -> Outcome | None:
        """Claim a send; give the outcome that stands against it, None where it may be made."""
        mark = str(uuid4())
        try:
            record = self._claimed(send, str(uuid4()))
            if _text(record, "status") == "CLAIMED":
                if not self._is_time_to_send():
                    return _retry(send, TOO_LATE)
                record = self._begun(send, _text(record, "mark"), mark)
        except (BotoCoreError, ClientError) as error:
            logger.error("the record of sends cannot be reached", error=shown_error(error))
            return _retry(send, "the record of sends cannot be reached")
        if _text(record, "mark") != mark:
            return self._known(send, record)
        self._marks[send] = mark
        if self._is_time_to_send():
            return None
        self.complete(send, late := _retry(send, TOO_LATE))
        return late

    def complete(self, send: Send, outcome: Outcome) -> None:
        """Keep what was sent or may have been; give up the claim of what was not."""
        mark = self._marks.pop(send, None)
        try:
            if self._monotonic() > self._record_until:
                logger.error("no time was left to write the record of sends")
            elif outcome.outcome in _KEPT:
                self._keep(send, outcome)
            elif mark:
                self._give_up(send, mark)
        except (BotoCoreError, ClientError) as error:
            # The claim stands, so no copy of the event is sent: it will be in doubt.
            logger.error("the record of sends cannot be written", error=shown_error(error))

    def _known(self, send: Send, record: Record) -> Outcome:
        if not record:
            return _retry(send, "another function has just given this send up")
        if _text(record, "status") == "COMPLETED":
            return replace(Outcome.of_json(json.loads(_text(record, "data"))), reason=_COPY)
        if _text(record, "status") == "CLAIMED" or self._now() - float(record["begun_at"]["N"]) < _LONGEST_LIFE_SECONDS:
            return _retry(send, "another function is making this send")
        broken = Outcome("in_doubt", send.action, send.subscription, "a function broke in the middle of this send")
        self.complete(send, broken)
        return broken

    def _claimed(self, send: Send, mark: str) -> Record:
        """Claim what nobody has; give the record that stands then."""
        record = {**_key(send), "status": {"S": "CLAIMED"}, "mark": {"S": mark}, "expiration": self._expiration()}
        standing = self._write(
            self.client().put_item,
            self._is_time_to_send,
            Item=record,
            ConditionExpression="attribute_not_exists(messageId) OR expiration < :now",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            ExpressionAttributeValues={":now": {"N": str(int(self._now()))}},
        )
        return record if standing is None else standing

    def _begun(self, send: Send, claim: str, mark: str) -> Record:
        """Go on from a claim of that mark, under a mark of this function's own; give the record that stands then."""
        try:
            standing = self._write(
                self.client().update_item,
                self._is_time_to_send,
                Key=_key(send),
                UpdateExpression="SET #status = :status, mark = :mark, begun_at = :now",
                ConditionExpression="mark = :claim",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":status": {"S": "INPROGRESS"},
                    ":mark": {"S": mark},
                    ":claim": {"S": claim},
                    ":now": {"N": str(self._now())},
                },
            )
        except (BotoCoreError, ClientError):
            # It may be written, and only this function knows that nothing is sent.
            self._give_up(send, claim, mark)
            raise
        return {"mark": {"S": mark}} if standing is None else standing

    def _keep(self, send: Send, outcome: Outcome) -> None:
        self._write(
            self.client().update_item,
            self._is_time_for_requests,
            Key=_key(send),
            UpdateExpression="SET #status = :status, #data = :data, expiration = :expiration",
            ExpressionAttributeNames={"#status": "status", "#data": "data"},
            ExpressionAttributeValues={
                ":status": {"S": "COMPLETED"},
                ":data": {"S": json.dumps(outcome.as_json())},
                ":expiration": self._expiration(),
            },
        )

    def _give_up(self, send: Send, *marks: str) -> None:
        values = {f":mark{number}": {"S": mark} for number, mark in enumerate(marks)}
        self._write(
            self.client().delete_item,
            self._is_time_for_requests,
            Key=_key(send),
            ConditionExpression=f"mark IN ({', '.join(values)})",
            ExpressionAttributeValues=values,
        )

    def _write(self, operation: Callable[..., Any], is_time_left: Callable[[], bool], **request: Any) -> Record | None:
        """Write, in up to three attempts while time is left; give the record whose state does not let it."""
        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                operation(TableName=self._table, **request)
            except (BotoCoreError, ClientError) as error:
                if isinstance(error, ClientError) and error.response["Error"]["Code"] == _REFUSED:
                    standing: Any = error.response.get("Item", {})
                    return cast("Record", standing)
                if not (attempts_left and is_time_left()):
                    raise
                self._sleep(_PAUSE_SECONDS)
            else:
                break
        return None

    def _is_time_to_send(self) -> bool:
        return self._requests_until - self._monotonic() >= LEAST_SECONDS

    def _is_time_for_requests(self) -> bool:
        return self._monotonic() < self._requests_until

    def _expiration(self) -> dict[str, str]:
        return {"N": str(int(self._now()) + self._kept_seconds)}

    def client(self) -> "DynamoDBClient":
        """Give what reaches the table."""
        # Loaded where it is needed: what is no send has no use for it. boto3 must not make two clients at a time.
        with self._making:
            if self._made is None:
                import boto3  # noqa: PLC0415
                from botocore.config import Config  # noqa: PLC0415

                config = Config(
                    connect_timeout=_CONNECT_SECONDS, read_timeout=_READ_SECONDS, retries={"total_max_attempts": 1}
                )
                self._made = boto3.client("dynamodb", config=config)
            return self._made


def _key(send: Send) -> dict[str, Any]:
    delivery = "#".join([send.subscription, send.action, *([send.attempt] if send.attempt else [])])
    return {"messageId": {"S": _short(send.message_id)}, "subscription": {"S": _short(delivery)}}


def _short(text: str) -> str:
    """Give a text that a key can hold, which is at most 1,024 bytes: that of a longer one is made of its hash."""
    encoded = text.encode(errors="surrogatepass")
    return text if len(encoded) <= _LONGEST_KEY else f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def _text(record: Record, name: str) -> str:
    return record.get(name, {}).get("S", "")


def _retry(send: Send, reason: str) -> Outcome:
    return Outcome("retry", send.action, send.subscription, reason)

"""Powertools' records of idempotency in DynamoDB, with claims that have a token: only its claimant gives a claim up.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/idempotency/
"""

from typing import TYPE_CHECKING, Any, Final

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CLAIMED_SECONDS: Final = 1000 * 86_400
"""When a claim would end by itself, counted from when it was made: never. It tells, less this, when that was."""


class ClaimsLayer(DynamoDBPersistenceLayer):
    """Records of `{"send": {...}, "claim": token}`; `send` is the key. Raises BotoCoreError and ClientError."""

    def __init__(self, client: "DynamoDBClient", table: str, kept_seconds: int, *, checks_claims: bool) -> None:
        """Keep records of `table` for so long. Where claims are not checked, records are read whoever claimed them."""
        super().__init__(table, boto3_client=client)
        idempotency = IdempotencyConfig(
            event_key_jmespath="send",
            payload_validation_jmespath="claim" if checks_claims else "",
            expires_after_seconds=kept_seconds,
            hash_function="sha256",
        )
        self.configure(idempotency, key_prefix="send")

    def claim(self, data: dict[str, Any]) -> bool:
        """Claim for longer than any record is kept; tell whether the claim is ours."""
        try:
            self.save_inprogress(data, remaining_time_in_millis=CLAIMED_SECONDS * 1000)
        except IdempotencyItemAlreadyExistsError as error:
            # A record with this claim's own token: its answer was lost, and botocore asked again.
            return error.old_data_record is not None
        except IdempotencyValidationError:
            return False
        return True

    @staticmethod
    def claimed_at(record: DataRecord) -> float:
        """Give the moment of a record's claim, in epoch seconds."""
        return float(record.in_progress_expiry_timestamp or 0) / 1000 - CLAIMED_SECONDS

    def record(self, data: dict[str, Any]) -> DataRecord | None:
        """Give the record, None where there is none any more."""
        try:
            return self.get_record(data)
        except IdempotencyItemNotFoundError:
            return None

    def delete_record(self, data: dict[str, Any], exception: Exception) -> None:
        """Give a claim up, unless it is another's by now: a first attempt whose answer was lost may have done it.

        Raises ConditionalCheckFailedException, a ClientError, where the claim is not this one.
        """
        key = self._get_hashed_idempotency_key(data=data)
        if key is None:
            return
        self.client.delete_item(
            TableName=self.table_name,
            Key=self._get_key(key),
            ConditionExpression="#claim = :claim",
            ExpressionAttributeNames={"#claim": self.validation_key_attr},
            ExpressionAttributeValues={":claim": {"S": self._get_hashed_payload(data=data)}},
        )

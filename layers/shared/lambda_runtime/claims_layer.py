"""Powertools' persistence of idempotency records in DynamoDB, with a claim that only its own claimant gives up.

https://docs.powertools.aws.dev/lambda/python/latest/utilities/idempotency/
"""

from typing import Any

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer


class ClaimsLayer(DynamoDBPersistenceLayer):
    """Records whose payload hash is that of the claim's own token."""

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

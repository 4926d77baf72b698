"""The outage of an action's sends, shared by its containers: one item in the table of the record of sends.

Its messageId is `outage#` and the action. To end an outage by hand, delete the item.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aws.observability import logger, shown_error
from aws.settings import Settings
from dotdigital.send_gate import Outage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT_SECONDS: Final = 86_400
_REFUSED: Final = "ConditionalCheckFailedException"


class OutageTable:
    """Keeps the last outage of an action's sends."""

    def __init__(
        self, settings: Settings, action: str, client: Callable[[], "DynamoDBClient"], now: Callable[[], float]
    ) -> None:
        """Reach no table yet; `now` gives epoch seconds."""
        self._table = settings.sends_table
        self._key: Any = {"messageId": {"S": f"outage#{action}"}, "subscription": {"S": "(none)"}}
        self._client = client
        self._now = now

    def read(self, known: Outage | None) -> Outage | None:
        """Give the last outage, None where there was none, `known` where the table cannot be reached."""
        try:
            found = self._client().get_item(TableName=self._table, Key=self._key, ConsistentRead=True)
        except (BotoCoreError, ClientError) as error:
            logger.error("the outage of sends cannot be read", error=shown_error(error))
            return known
        item = found.get("Item")
        return Outage(**json.loads(item["data"]["S"])) if item else None

    def change(self, before: Outage | None, after: Outage) -> bool | None:
        """Put `after` in the place of `before`; False where another stands there, None where that cannot be told."""
        item = {
            **self._key,
            "data": {"S": _written(after)},
            "expiration": {"N": str(int(self._now()) + _KEPT_SECONDS)},
        }
        condition: Any = {"ConditionExpression": "attribute_not_exists(messageId)"}
        if before:
            condition = {
                "ConditionExpression": "#data = :before",
                "ExpressionAttributeNames": {"#data": "data"},
                "ExpressionAttributeValues": {":before": {"S": _written(before)}},
            }
        try:
            self._client().put_item(TableName=self._table, Item=item, **condition)
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] == _REFUSED:
                return False
            logger.error("the outage of sends cannot be written", error=shown_error(error))
            return None
        return True


def _written(outage: Outage) -> str:
    return json.dumps(asdict(outage))

"""The door of upsert_insight_data: creates or replaces a record of Insight data, such as an order.

Called by API Gateway (POST /actions/upsert-insight-data), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("upsert_insight_data")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

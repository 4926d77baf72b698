"""The door of the one URL that Segment is given: what comes in is put into the queues of the actions that want it.

Called by API Gateway (POST /segment) with one event or a batch, by its own queue, which backfills fill, and by that of
EventBridge.
"""

from typing import Any

from lambda_runtime import LambdaContext, WebhookFunction

function = WebhookFunction()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer once the queues have all that came."""
    return function.answer(event, context)

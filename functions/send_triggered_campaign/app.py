"""The door of send_triggered_campaign: sends an e-mail out of a triggered campaign, with personalisation values.

Called by API Gateway (POST /actions/send-triggered-campaign), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("send_triggered_campaign")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

"""The door of send_transactional_sms: texts one number a transactional SMS.

Called by API Gateway (POST /actions/send-transactional-sms), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("send_transactional_sms")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

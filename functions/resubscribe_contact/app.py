"""The door of resubscribe_contact: subscribes a contact again that has unsubscribed from e-mail or SMS.

Called by API Gateway (POST /actions/resubscribe-contact), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("resubscribe_contact")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

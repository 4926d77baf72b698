"""The door of unsubscribe_contact: unsubscribes a contact from e-mail, from SMS or from both.

Called by API Gateway (POST /actions/unsubscribe-contact), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("unsubscribe_contact")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

"""The door of remove_contact_from_list: takes a contact off a list.

Called by API Gateway (POST /actions/remove-contact-from-list), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("remove_contact_from_list")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

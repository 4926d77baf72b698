"""The door of add_contact_to_list: creates or updates a contact, and adds it to a list.

Called by API Gateway (POST /actions/add-contact-to-list), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("add_contact_to_list")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

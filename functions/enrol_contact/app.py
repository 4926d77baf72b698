"""The door of enrol_contact: enrols a contact into a program.

Called by API Gateway (POST /actions/enrol-contact), by its queue, and by direct invokes.
"""

from typing import Any

from lambda_runtime import ActionFunction, LambdaContext

function = ActionFunction("enrol_contact")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one event or mapped payload with its outcome, in the way of the door that it came through."""
    return function.answer(event, context)

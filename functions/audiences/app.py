"""The door of audiences: finds the list that an audience goes to, or makes it.

Called by API Gateway: POST /audiences, the calls of Segment's webhook-audiences destination, and GET /audiences/{id}.
"""

from typing import Any

from lambda_runtime import LambdaContext
from lambda_runtime.audiences_function import AudiencesFunction

function = AudiencesFunction()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer with the list's id as the audience's externalId."""
    return function.answer(event, context)

"""The door of catalog: what the account has, for a person who writes subscriptions.

Called by API Gateway (/catalog/lists, programs, campaigns, data-fields, account), for IAM alone, and by direct invokes.
"""

from typing import Any

from lambda_runtime import LambdaContext
from lambda_runtime.catalog_function import CatalogFunction

function = CatalogFunction()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one question."""
    return function.answer(event, context)

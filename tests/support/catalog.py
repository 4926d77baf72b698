"""Questions to the catalog, as a direct invoke asks them of a function that was started anew."""

import json
from typing import Any

from tests.support.functions import Context, load_handler


def get(name: str, form: str | None = None) -> tuple[int, Any]:
    """The status and the content of the answer to GET /catalog/<name>."""
    query = {"queryStringParameters": {"format": form}} if form else {}
    return answer_of(load_handler("catalog")({"path": f"/catalog/{name}", **query}, Context()))


def answer_of(answer: dict[str, Any]) -> tuple[int, Any]:
    """The status and the content of an answer."""
    return answer["statusCode"], json.loads(answer["body"])

"""Web addresses, checked and passed on as they are written.

https://www.rfc-editor.org/rfc/rfc3986
"""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, HttpUrl, ValidationError, WithJsonSchema

from actions.fields.scalars import text_of

_WRITTEN: Final = re.compile(r"https?://\S+", re.IGNORECASE)


def web_address_of(value: Any) -> str:
    """Give an http or https address as written but for the spaces around it. Raises ValueError for anything else."""
    text = text_of(value).strip()
    try:
        HttpUrl(text)
    except ValidationError:
        text = ""
    if not _WRITTEN.fullmatch(text) or not text.isprintable():
        raise ValueError("must be a whole web address: https://example.com/welcome")
    return text


WebAddress = Annotated[str, BeforeValidator(web_address_of), WithJsonSchema({"type": "string", "format": "uri"})]

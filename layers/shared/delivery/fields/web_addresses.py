"""Web addresses, checked, and in ASCII as Dotdigital's description of the field asks.

What is a URI already stays as it is written. Elsewhere the host goes out in Punycode and other letters percent-encoded.
https://www.rfc-editor.org/rfc/rfc3986
"""

import re
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import BeforeValidator, HttpUrl, ValidationError, WithJsonSchema

from delivery.fields.scalars import text_of

_WRITTEN: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_ALLOWED: Final = "!$&'()*+,;=:@/%~"
_CHARACTER: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})"
_URI: Final = re.compile(
    rf"https?://(?:\[[0-9A-Fa-f:.]+\]|{_CHARACTER})+(?:\?(?:{_CHARACTER}|\?)*)?(?:#(?:{_CHARACTER}|\?)*)?",
    re.IGNORECASE,
)
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def web_address_of(value: Any) -> str:
    """Give an http or https address as a URI, which is ASCII. Raises ValueError for what cannot be one."""
    text = text_of(value).strip()
    try:
        parsed = str(HttpUrl(text))
    except ValidationError:
        parsed = ""
    address = text if _URI.fullmatch(text) else _encoded(parsed)
    if not _WRITTEN.fullmatch(text) or not text.isprintable() or not _URI.fullmatch(address) or not parsed:
        raise ValueError("must be a whole web address: https://example.com/welcome")
    return address


def _encoded(url: str) -> str:
    scheme, host, path, query, fragment = urlsplit(_STRAY_PERCENT.sub("%25", url))
    encoded = (quote(path, _ALLOWED), quote(query, _ALLOWED + "?"), quote(fragment, _ALLOWED + "?"))
    return urlunsplit((scheme, host, *encoded))


WebAddress = Annotated[str, BeforeValidator(web_address_of), WithJsonSchema({"type": "string", "format": "uri"})]

"""Filters that write texts in another alphabet: HTML, addresses, base64, hashes."""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, unquote_to_bytes

from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.javascript import WHITESPACE
from segment_events.mapping.limits import spend
from segment_events.mapping.liquid_templates.values import PATH, is_false, text
from segment_events.mapping.values import UNDEFINED

_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
_ESCAPE_TABLE: Final = str.maketrans(_ESCAPES)
_UNESCAPES: Final = {escaped: character for character, escaped in _ESCAPES.items()}
_ESCAPED: Final = re.compile("|".join(_UNESCAPES))
_UNRESERVED: Final = "-_.!~*'()"
_RESERVED: Final = ";/?:@&=+$,#[]"
_BAD_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_BASE64: Final = re.compile("[A-Za-z0-9+/]*")
_MARKUP: Final = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"), ("<", ">"))
_PLAIN_LETTERS: Final = str.maketrans(
    dict.fromkeys("àáâãäå", "a")
    | dict.fromkeys("èéêë", "e")
    | dict.fromkeys("ìíîï", "i")
    | dict.fromkeys("òóôõöø", "o")
    | dict.fromkeys("ùúûü", "u")
    | dict.fromkeys("ýÿ", "y")
    | {"æ": "ae", "ç": "c", "ð": "d", "ñ": "n", "ß": "ss", "œ": "oe", "þ": "th"}
    | {"ẞ": "SS", "Œ": "OE", "Þ": "TH"}
)
_SLUG_COST: Final = 4
"""How many times more than other filters slugify spends, which looks at each character in Python."""

_PRETTY: Final = "._~!$&'()+,;=@"


def _escape(value: Any) -> str:
    return text(value).translate(_ESCAPE_TABLE)


def _escape_once(value: Any) -> str:
    return _escape(_ESCAPED.sub(lambda match: _UNESCAPES[match.group()], text(value)))


def _strip_html(value: Any) -> str:
    """Take out scripts, styles, comments and tags; one that is not closed stays."""
    source, kept, position = text(value), [], 0
    unclosed: set[str] = set()
    while (start := source.find("<", position)) >= 0:
        kept.append(source[position:start])
        position = start
        for opening, closing in _MARKUP:
            if opening in unclosed or not source.startswith(opening, start):
                continue
            end = source.find(closing, start + len(opening))
            if end >= 0:
                position = end + len(closing)
                break
            unclosed.add(opening)
        if position == start:
            break
    return "".join(kept) + source[position:]


def _quoted(value: Any, safe: str) -> str:
    try:
        return quote(text(value), safe=safe)
    except UnicodeEncodeError:
        raise MappingResolutionError(PATH, "half a character cannot be put into an address") from None


def _url_encode(value: Any) -> str:
    return _quoted(value, _UNRESERVED).replace("%20", "+")


def _cgi_escape(value: Any) -> str:
    return _quoted(value, "-_.~").replace("%20", "+")


def _uri_escape(value: Any) -> str:
    return _quoted(value, _UNRESERVED + _RESERVED)


def _url_decode(value: Any) -> str:
    encoded = text(value).replace("+", " ")
    try:
        if not _BAD_ESCAPE.search(encoded):
            return unquote_to_bytes(encoded).decode()
    except UnicodeError:
        pass
    raise MappingResolutionError(PATH, "url_decode needs a text that is URL-encoded")


def _slugify(value: Any, mode: Any = "default", cased: Any = False) -> str:
    slug = text(value)
    spend(PATH, len(slug) * _SLUG_COST)
    if mode == "latin":
        slug = slug.translate(_PLAIN_LETTERS)
    keeps = _KEPT.get(text(mode))
    if keeps is not None:
        slug = re.sub("\0+", "-", "".join(c if keeps(c) else "\0" for c in slug))
        slug = slug.removeprefix("-").removesuffix("-")
    return slug.lower() if is_false(cased) or not cased else slug


def _is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"


_KEPT: Final[dict[str, Callable[[str], bool]]] = {
    "raw": lambda character: character not in WHITESPACE,
    "default": _is_letter,
    "latin": _is_letter,
    "pretty": lambda character: _is_letter(character) or character in _PRETTY,
    "ascii": lambda character: character.isascii() and character.isalnum(),
}


def _bytes(value: Any) -> bytes:
    return text(value).encode("utf-8", "replace")


def _base64_encode(value: Any) -> str:
    return base64.b64encode(_bytes(value)).decode("ascii")


def _base64_decode(value: Any) -> str:
    encoded = re.sub("[\t\n\f\r ]", "", text(value))
    if len(encoded) % 4 == 0:
        encoded = encoded.removesuffix("=").removesuffix("=")
    if not _BASE64.fullmatch(encoded) or len(encoded) % 4 == 1:
        raise MappingResolutionError(PATH, "base64_decode needs a text in base64")
    return base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode("utf-8", "replace")


def _sha256(value: Any) -> str:
    return hashlib.sha256(_bytes(value)).hexdigest()


def _hmac_sha256(value: Any, key: Any = UNDEFINED) -> str:
    return hmac.new(_bytes(key), _bytes(value), "sha256").hexdigest()


ESCAPE_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "base64_decode": _base64_decode,
    "base64_encode": _base64_encode,
    "cgi_escape": _cgi_escape,
    "escape": _escape,
    "escape_once": _escape_once,
    "hmac_sha256": _hmac_sha256,
    "sha256": _sha256,
    "slugify": _slugify,
    "strip_html": _strip_html,
    "uri_escape": _uri_escape,
    "url_decode": _url_decode,
    "url_encode": _url_encode,
    "xml_escape": _escape,
}

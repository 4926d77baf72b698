"""Segment's webhook signature: `X-Signature`, hex HMAC-SHA1 of what was mapped to `data`, under the shared secret.

For one event that is the whole body. For a batch Segment signs the first element alone, so elements 2 to n and replays
are not covered: a second secret in a header of its own (one of the webhook's headers in Segment) covers the request.
https://segment.com/docs/connections/destinations/catalog/actions-webhook/
"""

import hashlib
import hmac
import json
from collections.abc import Iterator

_WRAPPED = '{"json":'
_decoder = json.JSONDecoder(parse_int=str)  # however many digits it has


def sign(body: bytes, secret: str) -> str:
    """Return the `X-Signature` that Segment gives a request with one event."""
    return hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def verify_signature(body: bytes, signature: str | None, *secrets: str) -> bool:
    """Tell whether `signature` is that of `body` under one of `secrets`: the current one, and the one before it.

    The bytes are taken as they came, decoded from base64 but never parsed and written again, since no two JSON writers
    agree. Takes the same time whether the first or the last character differs. Raises ValueError for an empty secret.
    """
    if not secrets or not all(secrets):
        raise ValueError("a shared secret must not be empty")
    given = (signature or "").encode(errors="surrogatepass")
    matches = [
        hmac.compare_digest(sign(part, secret).encode(), given) for part in _signed_parts(body) for secret in secrets
    ]
    return any(matches)


def describe_signed_part(body: bytes) -> str:
    """Say which bytes of a body Segment signs, and how many they are."""
    first = _first_element(body)
    if first is None:
        return f"the whole body ({len(body):,} bytes)"
    return f"the first event of the batch ({len(first.encode()):,} of {len(body):,} bytes)"


def _signed_parts(body: bytes) -> Iterator[bytes]:
    first = _first_element(body)
    if first is None:
        yield body
        return
    yield first.encode()
    if first.startswith(_WRAPPED):
        # The extensible webhook wraps each element and signs what is inside.
        yield first[len(_WRAPPED) : -1].encode()


def _first_element(body: bytes) -> str | None:
    """Give the text of a batch's first element as it stands in the body, None for anything but a batch."""
    try:
        text = body.decode()
        start = text.index("[") + 1
        if text[: start - 1].strip():
            return None
        start += len(text[start:]) - len(text[start:].lstrip())
        _, end = _decoder.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return text[start:end]

"""Reads an answer as it comes in, bounded in size; the connection bounds it in time.

An answer whose body broke off keeps its status: a 4xx says no, whatever its words were.
"""

from http import HTTPStatus
from typing import Final

import requests
from urllib3.exceptions import HTTPError

from dotdigital.answers import Answer

MOST_BYTES: Final = 16 * 1024 * 1024
_CHUNK: Final = 65_536


def read_answer(response: requests.Response) -> Answer:
    """Read the body of a streamed `response`.

    The caller closes `response`: a connection that was not read to the end is dropped with it, not used again.
    """
    return Answer(response.status_code, response.headers, _body_of(response))


def _body_of(response: requests.Response) -> bytes | None:
    if response.status_code < HTTPStatus.OK:
        # The final answer is still to come, and must not be taken for that of the next call.
        return None
    body = bytearray()
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > MOST_BYTES:
                return None
    except (HTTPError, OSError):
        return None
    return bytes(body)

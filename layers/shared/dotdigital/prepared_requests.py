"""The request of a call, for requests to send as it is.

requests would read URL and settings anew for each call, a quarter of the time that a call takes here, and paths are
percent-encoded already.

https://requests.readthedocs.io/en/latest/user/advanced/#prepared-requests
"""

import base64
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from requests import PreparedRequest
from requests.structures import CaseInsensitiveDict
from requests.utils import check_header_validity

from dotdigital.account import Account
from dotdigital.calls import Call
from dotdigital.request_body import RequestBody

_USER_AGENT: Final = "segment-dotdigital/0.1.0"


def prepared_request(account: Account, call: Call, body: RequestBody | None) -> PreparedRequest:
    """Give the request that makes `call` as the API user of `account`. Raises InvalidHeader, an OSError."""
    request = PreparedRequest()
    request.method = call.method
    request.url = account.base_url + call.path + (f"?{urlencode(call.query)}" if call.query else "")
    request.headers = _headers(account).copy()
    if body is not None:
        request.headers["Content-Type"] = "application/json"
        request.headers["Content-Length"] = str(len(body))
        request.body = body  # type: ignore[assignment]  # requests takes whatever gives bytes, its stubs know fewer.
    elif call.method != "GET":
        request.headers["Content-Length"] = "0"
    return request


@lru_cache(maxsize=1)
def _headers(account: Account) -> CaseInsensitiveDict[Any]:
    credentials = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
    headers: dict[str, Any] = {
        "User-Agent": _USER_AGENT,
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "Connection": "keep-alive",
        "Authorization": f"Basic {credentials}",
    }
    if account.integration_token:
        headers["x-ddg-integration-token"] = account.integration_token.encode()
    for header in headers.items():
        check_header_validity(header)
    return CaseInsensitiveDict(headers)

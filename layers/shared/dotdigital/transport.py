"""One kept-alive HTTPS session to Dotdigital: no redirects, bounded time, every failure an error of the tree.

https://developer.dotdigital.com/docs/api-conventions
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import requests
from requests.auth import HTTPBasicAuth

from dotdigital.account import Account
from dotdigital.errors import CredentialsRefusedError, UnavailableError
from dotdigital.failures import error_of_answer, error_of_body, error_of_silence

USER_AGENT: Final = "segment-dotdigital/0.1.0"
_CONNECT_SECONDS: Final = 3.05
_READ_SECONDS: Final = 120.0
_LEAST_SECONDS: Final = 0.5
_IDLE_SECONDS: Final = 50.0


@dataclass(frozen=True)
class Call:
    """One call to the API.

    `send` marks what must not happen twice: a break after it left raises InDoubtError instead of a retry.
    `feature` says what to switch on when the account lacks it.
    """

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] | None = None
    send: bool = False
    feature: str | None = None


class Transport:
    """Calls Dotdigital as one API user.

    `renew` gives the account afresh after a refusal, so that a rotated password loses nothing. `deadline` (on the clock
    `monotonic`) bounds every call: none starts with less than half a second left, none reads past it.
    """

    def __init__(
        self,
        account: Account,
        *,
        renew: Callable[[], Account] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Open nothing yet: the first call connects."""
        self.account = account
        self.monotonic = monotonic
        self.deadline: float | None = None
        self._renew = renew
        self._now = now
        self._last_call = monotonic()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})

    def call(self, call: Call) -> Any:
        """Make one call and give the JSON of its answer, None where the body is empty. Raises DotdigitalError."""
        try:
            return self._call_once(call)
        except CredentialsRefusedError:
            if not self._renewed():
                raise
            return self._call_once(call)

    def _renewed(self) -> bool:
        if self._renew is None:
            return False
        before, self.account = self.account, self._renew()
        return self.account != before

    def _call_once(self, call: Call) -> Any:
        timeouts = self._timeouts()
        self._drop_idle_connection()
        account = self.account
        token = account.integration_token
        try:
            response = self._session.request(
                call.method,
                account.base_url + call.path,
                params=call.query,
                json=call.body,
                auth=HTTPBasicAuth(account.username.encode(), account.password.encode()),
                headers={"x-ddg-integration-token": token} if token else None,
                timeout=timeouts,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise error_of_silence(error, send=call.send) from None
        if not HTTPStatus.OK <= response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            raise error_of_answer(response, send=call.send, now=self._now(), feature=call.feature)
        return _json_of(response, send=call.send)

    def _timeouts(self) -> tuple[float, float]:
        if self.deadline is None:
            return _CONNECT_SECONDS, _READ_SECONDS
        left = self.deadline - self.monotonic()
        if left < _LEAST_SECONDS:
            raise UnavailableError("no time was left for the call, so it was not made")
        return min(_CONNECT_SECONDS, left), min(_READ_SECONDS, left)

    def _drop_idle_connection(self) -> None:
        # A Lambda wakes with a connection that was dropped in silence: a send on it would be in doubt.
        now = self.monotonic()
        if now - self._last_call > _IDLE_SECONDS:
            self._session.close()
        self._last_call = now


def _json_of(response: requests.Response, *, send: bool) -> Any:
    if not response.content:
        return None
    try:
        return response.json()
    except ValueError:
        raise error_of_body("it is not JSON", send=send, status=response.status_code) from None

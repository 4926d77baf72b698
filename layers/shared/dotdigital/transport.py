"""Kept-alive HTTPS connections to Dotdigital: bounded time, every failure an error of the tree.

requests' adapter is used without its session, which would follow redirects, keep cookies, and take proxies and
passwords from the environment. https://requests.readthedocs.io/en/latest/user/advanced/#transport-adapters
"""

import logging
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from dotdigital.account import Account
from dotdigital.answer_reading import read_answer
from dotdigital.answers import Answer
from dotdigital.calls import Call
from dotdigital.connections import BoundedAdapter
from dotdigital.errors import CredentialsRefusedError, UnavailableError
from dotdigital.failures import error_of_answer, error_of_body, error_of_silence
from dotdigital.limit_gate import LimitGate, kind_of
from dotdigital.prepared_requests import prepared_request
from dotdigital.request_body import RequestBody
from dotdigital.send_gate import SendGate

# Its lines hold paths, and so addresses and numbers.
logging.getLogger("urllib3").setLevel(logging.ERROR)

_MOST_SECONDS: Final = 121.0
_LEAST_SECONDS: Final = 0.5
_KEPT_SECONDS: Final = 50.0


class Transport:
    """Calls Dotdigital as one API user. Threads may share it.

    `renew` gives the account afresh after a refusal, so that a rotated password loses nothing, or None where it cannot;
    what it raises passes through. `deadline` (on the clock `monotonic`) bounds every call: none starts with less than
    half a second left, and none goes on past it, whatever Dotdigital's side does. A call of a kind that Dotdigital said
    is used up raises LimitedError without being made, until the reset on the clock `now`; `sleep` waits for what is
    polled. `sends`, where there is one, holds sends back while they are not answered.
    """

    def __init__(
        self,
        account: Account,
        *,
        renew: Callable[[], Account | None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open nothing yet: the first call connects."""
        self.account = account
        self.monotonic = monotonic
        self.sleep = sleep
        self.deadline: float | None = None
        self.sends: SendGate | None = None
        self._renew = renew
        self._renewing = threading.Lock()
        self._now = now
        self._gate = LimitGate(now)
        self._connected_since = monotonic()
        self._adapter = BoundedAdapter()

    def check(self, call: Call) -> None:
        """Raise LimitedError or UnavailableError where it is known that such a call would not be made."""
        self._gate.check(kind_of(call.method, call.path))
        if call.send and self.sends:
            self.sends.check()

    def call(self, call: Call) -> Any:
        """Make one call and give the JSON of its answer, None where the body is empty. Raises DotdigitalError.

        An answer that cannot be read says nothing: the call is to be made again, and a send is in doubt.
        """
        return _json_of(self._success(call), send=call.send)

    def make(self, call: Call) -> Any:
        """Make one call that is done whatever a 2xx says, and give its JSON, None where none can be read.

        Raises DotdigitalError.
        """
        try:
            return self._success(call).json()
        except ValueError:
            return None

    def _success(self, call: Call) -> Answer:
        if not (call.send and self.sends):
            return self._success_as_renewed(call)
        with self.sends.sending():
            return self._success_as_renewed(call)

    def _success_as_renewed(self, call: Call) -> Answer:
        account = self.account
        try:
            return self._success_as(account, call)
        except CredentialsRefusedError:
            renewed = self._renewed(account)
            if renewed == account:
                raise
            return self._success_as(renewed, call)

    def _renewed(self, refused: Account) -> Account:
        with self._renewing:
            if self._renew and self.account == refused:
                self.account = self._renew() or refused
            return self.account

    def _success_as(self, account: Account, call: Call) -> Answer:
        kind = kind_of(call.method, call.path)
        self._gate.check(kind)
        answer = self._answer(account, call)
        error = None
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            error = error_of_answer(answer, send=call.send, now=self._now(), feature=call.feature)
        self._gate.heed(kind, answer.headers, error)
        if error:
            raise error
        return answer

    def _answer(self, account: Account, call: Call) -> Answer:
        body = None if call.body is None else RequestBody(call.body)
        timeout: Any = self._timeout(call)  # requests takes urllib3's own, which its stubs do not know.
        self._drop_old_connections()
        try:
            request = prepared_request(account, call, body)
            with self._adapter.send(request, timeout=timeout, stream=True) as response:
                return read_answer(response)
        except (OSError, HTTPError) as error:
            may_have_happened = call.send and (body is None or body.left)
            raise error_of_silence(error, in_doubt=may_have_happened) from None

    def _timeout(self, call: Call) -> Timeout:
        most = _MOST_SECONDS if call.most_seconds is None else call.most_seconds
        if self.deadline is not None:
            left = self.deadline - self.monotonic()
            if left < _LEAST_SECONDS:
                raise UnavailableError("no time was left for the call, so it was not made")
            most = min(most, left)
        return Timeout(total=most)

    def _drop_old_connections(self) -> None:
        # A Lambda wakes with connections that were dropped in silence, and a send on one of them would be in doubt.
        # So none is used that can have been idle for longer than this, whichever thread used it last.
        now = self.monotonic()
        if now - self._connected_since > _KEPT_SECONDS:
            self._adapter.close()
            self._connected_since = now


def _json_of(answer: Answer, *, send: bool) -> Any:
    if answer.body == b"":
        return None
    if answer.body is None:
        raise error_of_body("it broke off, came too slowly or is too long", send=send, status=answer.status)
    try:
        return answer.json()
    except ValueError:
        raise error_of_body("it is not JSON", send=send, status=answer.status) from None

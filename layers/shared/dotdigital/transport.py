"""Makes requests as one API user: within the deadline and the limits, every failure an error of `dotdigital.errors`."""

import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final

from dotdigital.account import Account
from dotdigital.error_responses import error_of_response
from dotdigital.errors import CredentialsRefusedError, UnavailableError
from dotdigital.http_messages import JsonObject, Request, Response, path
from dotdigital.limits import LimitGate, kind_of
from dotdigital.send_gate import SendGate

_MOST_SECONDS: Final = 121.0
_LEAST_SECONDS: Final = 0.5
_KEPT_SECONDS: Final = 50.0
_ROWS_PER_PAGE: Final = 1_000


class Transport:
    """Makes requests to Dotdigital as one API user. Threads may share it.

    `deadline`, on the clock `monotonic`, bounds every request: none starts with less than half a second left, and none
    runs past it, whatever Dotdigital does. `sends`, where it is set, holds sends back while Dotdigital does not answer
    them. A request that a limit would refuse raises LimitedError and is not made, until the reset on the clock `now`.

    `renew` reads the account again after a refusal, so that a rotated password loses nothing; it returns None where it
    cannot, and what it raises passes through. `sleep` waits between polls.
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
        """Load requests, and open nothing yet: the first request connects."""
        # requests takes longer to load than all else here, and a function that makes no request does without it.
        from dotdigital.connections import HttpSession  # noqa: PLC0415

        self.account = account
        self.monotonic = monotonic
        self.sleep = sleep
        self.deadline: float | None = None
        self.sends: SendGate | None = None
        self._renew = renew
        self._renewing = threading.Lock()
        self._now = now
        self._limits = LimitGate(now)
        self._connected_since = monotonic()
        self._session = HttpSession()

    def check(self, request: Request) -> None:
        """Raise LimitedError or UnavailableError where `request` would be held back now. Makes no request."""
        self._limits.check(kind_of(request.method, request.path))
        if request.send and self.sends:
            self.sends.check()

    def request(self, request: Request) -> Response:
        """Make `request` and return its response, which is a 2xx. Raises DotdigitalError."""
        if not (request.send and self.sends):
            return self._request_as_renewed(request)
        with self.sends.sending():
            return self._request_as_renewed(request)

    def pages(self, *parts: str) -> Mapping[int, JsonObject]:
        """Read all pages of one of v2's lists: the items under a path by their ids, in Dotdigital's order.

        An item without an id is left out. Raises UnavailableError for what is no list, and for pages that bring nothing
        new and do not end. https://developer.dotdigital.com/docs/data-handling
        """
        items: dict[int, JsonObject] = {}
        skip = 0
        while True:
            query = {"select": str(_ROWS_PER_PAGE)} | ({"skip": str(skip)} if skip else {})
            response = self.request(Request("GET", path(*parts), query=query))
            page = response.json()
            if not isinstance(page, list):
                raise response.unreadable("it is not a list")
            known = len(items)
            items |= {number: item for item in map(JsonObject, page) if (number := item.id("id"))}
            if len(page) < _ROWS_PER_PAGE:
                return items
            if len(items) == known:
                raise response.unreadable("its pages do not end")
            skip += len(page)

    def _request_as_renewed(self, request: Request) -> Response:
        account = self.account
        try:
            return self._request_as(account, request)
        except CredentialsRefusedError:
            renewed = self._renewed(account)
            if renewed == account:
                raise
            return self._request_as(renewed, request)

    def _renewed(self, refused: Account) -> Account:
        with self._renewing:
            if self._renew and self.account == refused:
                self.account = self._renew() or refused
            return self.account

    def _request_as(self, account: Account, request: Request) -> Response:
        kind = kind_of(request.method, request.path)
        self._limits.check(kind)
        seconds = self._seconds_for(request)
        self._drop_old_connections()
        response = self._session.exchange(request, account, seconds)
        error = None
        if not HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
            error = error_of_response(response, now=self._now(), feature=request.feature)
        self._limits.record(kind, response.headers, error)
        if error:
            raise error
        return response

    def _seconds_for(self, request: Request) -> float:
        most = _MOST_SECONDS if request.most_seconds is None else request.most_seconds
        if self.deadline is None:
            return most
        left = self.deadline - self.monotonic()
        if left < _LEAST_SECONDS:
            raise UnavailableError("no time was left for the request, so it was not made")
        return min(most, left)

    def _drop_old_connections(self) -> None:
        # A Lambda wakes with connections that were dropped in silence, and a send on one of them would be in doubt.
        # So none is used that can have been idle for longer than this, whichever thread used it last.
        now = self.monotonic()
        if now - self._connected_since > _KEPT_SECONDS:
            self._session.close()
            self._connected_since = now


class Resource:
    """A resource of the API, whose requests go through one transport."""

    def __init__(self, transport: Transport) -> None:
        """Make requests through `transport`."""
        self._transport = transport

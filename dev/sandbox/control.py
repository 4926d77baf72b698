"""The control API under /_sandbox/: reading the journal, arming failures, setting limits.

It needs no credentials and is not journalled. Bad input gets 400 with a message.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dev.sandbox.failures import Failure
from dev.sandbox.import_book import ImportRules
from dev.sandbox.limits import LimitRules
from dev.sandbox.state import Credentials, State

CONTROL_PREFIX: Final = "/_sandbox/"


class CredentialsOrder(BaseModel):
    """The body of POST /_sandbox/credentials: who is let in from now on."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1)
    password: str = Field(min_length=1)


class Control:
    """The control API over one state; each method takes the body and the query's `since`."""

    def __init__(self, state: State) -> None:
        """Control that state."""
        self._state = state

    def journal(self, _body: bytes, since: int) -> object:
        """The effects after number `since`."""
        return [effect.as_json() for effect in self._state.journal.effects[since:]]

    def requests(self, _body: bytes, since: int) -> object:
        """The requests after number `since`."""
        return [record.as_json() for record in self._state.journal.requests[since:]]

    def account(self, _body: bytes, _since: int) -> object:
        """The whole account."""
        return self._state.describe()

    def connections(self, _body: bytes, _since: int) -> object:
        """How many TCP connections were accepted since the start; a reset keeps the count."""
        return {"accepted": self._state.connections}

    def failures(self, _body: bytes, _since: int) -> object:
        """The armed failures, used or not."""
        return [armed.as_json() for armed in self._state.failures.armed]

    def reset(self, _body: bytes, _since: int) -> object:
        """Go back to the seed."""
        self._state.reset()
        return {}

    def fail(self, body: bytes, _since: int) -> object:
        """Arm a failure."""
        return self._state.failures.arm(Failure.model_validate_json(body)).as_json()

    def clear_failures(self, _body: bytes, _since: int) -> object:
        """Forget all armed failures."""
        self._state.failures.clear()
        return {}

    def limits(self, body: bytes, _since: int) -> object:
        """Put other limits in force."""
        rules = LimitRules.model_validate_json(body)
        self._state.set_limits(rules)
        return rules.model_dump()

    def imports(self, body: bytes, _since: int) -> object:
        """Say what becomes of the contact imports from now on."""
        rules = ImportRules.model_validate_json(body)
        self._state.set_imports(rules)
        return rules.model_dump()

    def credentials(self, body: bytes, _since: int) -> object:
        """Let another user in, and the one before no longer."""
        order = CredentialsOrder.model_validate_json(body)
        self._state.credentials = Credentials(order.username, order.password)
        return {"username": order.username}


def add_control_routes(app: web.Application, state: State) -> None:
    """Add the control API to the application."""
    control = Control(state)
    routes: tuple[tuple[str, str, Callable[[bytes, int], object]], ...] = (
        ("GET", "journal", control.journal),
        ("GET", "requests", control.requests),
        ("GET", "state", control.account),
        ("GET", "connections", control.connections),
        ("GET", "fail", control.failures),
        ("POST", "fail", control.fail),
        ("DELETE", "fail", control.clear_failures),
        ("POST", "reset", control.reset),
        ("POST", "limits", control.limits),
        ("POST", "imports", control.imports),
        ("POST", "credentials", control.credentials),
    )
    for method, name, work in routes:
        app.router.add_route(method, CONTROL_PREFIX + name, _handler(state, work))


def _handler(state: State, work: Callable[[bytes, int], object]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        since = request.query.get("since", "0")
        if not (since.isascii() and since.isdigit()):
            return web.json_response({"message": "since is not a number"}, status=400)
        try:
            with state.lock:
                return web.json_response(work(body, int(since)))
        except ValidationError as error:
            return web.json_response({"message": _told(error)}, status=400)

    return handle


def _told(error: ValidationError) -> str:
    problems = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in problems)

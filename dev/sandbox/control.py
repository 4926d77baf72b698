"""The control API under /_sandbox/: reading the journal, arming failures, setting limits.

It needs no credentials and is not journalled. Bad input gets 400 with a message.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dev.sandbox.api import problems_of
from dev.sandbox.clock import iso
from dev.sandbox.failures import Failure
from dev.sandbox.journal import Effect, RequestRecord
from dev.sandbox.limits import LimitRules
from dev.sandbox.state import Credentials, ImportRules, State

CONTROL_PREFIX: Final = "/_sandbox/"
_Work = Callable[[State, bytes], object]


class NewCredentials(BaseModel):
    """The body of POST /_sandbox/credentials: who is let in from now on."""

    model_config = ConfigDict(extra="forbid")

    username: str = Field(min_length=1)
    password: str = Field(min_length=1)


def add_control_routes(app: web.Application, state: State) -> None:
    """Add the control API over that state to the application."""
    for (method, name), work in _ROUTES.items():
        app.router.add_route(method, CONTROL_PREFIX + name, _handler(state, work))


def _handler(state: State, work: _Work) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        since = request.query.get("since", "0")
        if not (since.isascii() and since.isdigit()):
            return web.json_response({"message": "since is not a number"}, status=400)
        try:
            with state.lock:
                content = work(state, body)
        except ValidationError as error:
            problems = (f"{place}: {why}" for place, why in problems_of(error))
            return web.json_response({"message": "; ".join(problems)}, status=400)
        return web.json_response(content[int(since) :] if isinstance(content, list) else content)

    return handle


def _shown(entry: Effect | RequestRecord) -> dict[str, object]:
    return {**asdict(entry), "at": iso(entry.at)}


def _reset(state: State, _: bytes) -> object:
    state.reset()
    return {}


def _clear_failures(state: State, _: bytes) -> object:
    state.failures.clear()
    return {}


def _set_limits(state: State, body: bytes) -> object:
    rules = LimitRules.model_validate_json(body)
    state.set_limits(rules)
    return rules.model_dump()


def _set_imports(state: State, body: bytes) -> object:
    rules = ImportRules.model_validate_json(body)
    state.set_imports(rules)
    return rules.model_dump()


def _set_credentials(state: State, body: bytes) -> object:
    given = NewCredentials.model_validate_json(body)
    state.credentials = Credentials(given.username, given.password)
    return {"username": given.username}


_ROUTES: Final[Mapping[tuple[str, str], _Work]] = {
    ("GET", "journal"): lambda state, _: [_shown(effect) for effect in state.journal.effects],
    ("GET", "requests"): lambda state, _: [_shown(record) for record in state.journal.requests],
    ("GET", "state"): lambda state, _: state.describe(),
    ("GET", "connections"): lambda state, _: {"accepted": state.connections},
    ("GET", "fail"): lambda state, _: [armed.as_json() for armed in state.failures.armed],
    ("POST", "fail"): lambda state, body: state.failures.arm(Failure.model_validate_json(body)).as_json(),
    ("DELETE", "fail"): _clear_failures,
    ("POST", "reset"): _reset,
    ("POST", "limits"): _set_limits,
    ("POST", "imports"): _set_imports,
    ("POST", "credentials"): _set_credentials,
}

"""The HTTP side: every request is written down, worked on or made to fail, and answered.

aiohttp keeps connections alive, finds the route on the path as it came (so %2F stays inside a
value) and decodes its values. Requests are worked on one at a time; a held answer waits beside
the others.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from dev.sandbox.answers import Answer, Refusal, denied, plain_error
from dev.sandbox.call import Call, Route
from dev.sandbox.control import CONTROL_PREFIX, add_control_routes
from dev.sandbox.failures import Armed, Failure
from dev.sandbox.journal import RequestRecord
from dev.sandbox.routes import ROUTES
from dev.sandbox.state import State

_LARGEST_BODY: Final = 50 * 2**20
_VALUE: Final = "[^/]+"
_RECORD: Final = web.RequestKey("record", RequestRecord)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(state: State) -> web.Application:
    """The application over that state: Dotdigital's routes and the control API."""

    @web.middleware
    async def journalled(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        return await _serve(state, request, handler)

    app = web.Application(middlewares=[journalled], client_max_size=_LARGEST_BODY)
    add_control_routes(app, state)
    for route in ROUTES:
        path = route.path.replace("}", f":{_VALUE}}}")
        app.router.add_route(route.method, path, _handler(state, route))
        if "{" not in route.path:
            app.router.add_route(route.method, f"{path}/", _handler(state, route))
    return app


async def _serve(state: State, request: web.Request, handler: _Handler) -> web.StreamResponse:
    try:
        body = await request.read()
    except ConnectionResetError:
        return web.Response()  # the client went away in the middle of its request, which is then none
    with state.lock:
        record = _write_down(state, request, body)
        armed = state.failures.take(request.method, request.path)
    request[_RECORD] = record
    if armed is None:
        return _finish(record, await _work(request, handler))
    record.failure = armed.id
    return await _fail(state, request, handler, armed)


def _write_down(state: State, request: web.Request, body: bytes) -> RequestRecord:
    headers = {name.lower(): value for name, value in request.headers.items()}
    headers.pop("authorization", None)
    return state.journal.arrived(
        method=request.method,
        raw_path=request.raw_path,
        path=request.path,
        query=dict(request.query),
        headers=headers,
        body=_readable(body),
        connection=request.transport.get_extra_info("peername")[1] if request.transport else 0,
    )


def _readable(body: bytes) -> object:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


async def _work(request: web.Request, handler: _Handler) -> web.Response:
    """Carry the request out; an unknown route or method is marked as unexpected."""
    try:
        response = await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        request[_RECORD].unexpected = True
        text = f"The sandbox has no route {request.method} {request.path}"
        response = _response(plain_error(request.path, error.status, text))
    assert isinstance(response, web.Response)
    return response


def _handler(state: State, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The route as aiohttp calls it."""

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        with state.lock:
            return _response(_answer(state, route, request, body))

    return handle


def _answer(state: State, route: Route, request: web.Request, body: bytes) -> Answer:
    """Credentials, then limits, then content type, then the route itself."""
    if not state.credentials.admit(request.headers.get("Authorization")):
        return denied(request.path)
    counted = state.limits.count(request.path, route.tier, flat_exempt=route.flat_exempt)
    if isinstance(counted, Answer):
        return counted
    if body and request.content_type != "application/json":
        text = "Content type is not supported. ERROR_CONTENT_TYPE_IS_NOT_SUPPORTED"
        return plain_error(request.path, 415, text)
    call = Call(
        state=state,
        request=request[_RECORD].number,
        params=dict(request.match_info),
        query=dict(request.query),
        body=body,
        base_url=f"http://{request.host}",
    )
    try:
        answer = route.answer(call)
    except Refusal as refusal:
        answer = refusal.answer
    return Answer(answer.status, answer.body, {**answer.headers, **counted}, answer.content_type)


async def _fail(state: State, request: web.Request, handler: _Handler, armed: Armed) -> web.StreamResponse:
    failure = armed.failure
    response = await _work(request, handler) if failure.works else None
    if failure.action == "rate_limit":
        with state.lock:
            response = _response(state.limits.refusal(request.path, "medium"))
    if failure.seconds:
        await asyncio.sleep(failure.seconds)
    if failure.drops:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    return _finish(request[_RECORD], _altered(request, failure, response))


def _altered(request: web.Request, failure: Failure, response: web.Response | None) -> web.Response:
    """The answer as the failure wants it."""
    if response is None:
        assert failure.status is not None
        response = _response(plain_error(request.path, failure.status, "Armed failure"))
    if "body" in failure.model_fields_set or failure.action == "body":
        response = _response(Answer(failure.status or response.status, failure.body))
    elif failure.status is not None:
        response.set_status(failure.status)
    for name, value in failure.headers.items():
        response.headers.pop(name, None)
        if value is not None:
            response.headers[name] = value
    return response


def _finish(record: RequestRecord, response: web.Response) -> web.Response:
    assert isinstance(response.body, bytes)
    record.answer = _readable(response.body)
    record.status = response.status
    return response


def _response(answer: Answer) -> web.Response:
    body = answer.encoded()
    headers = dict(answer.headers)
    if body:
        headers["Content-Type"] = answer.content_type
    return web.Response(status=answer.status, body=body, headers=headers)

"""The HTTP side: every request is written down, worked on or made to fail, and responded to.

aiohttp keeps connections alive, finds the route on the path as it came (so %2F stays inside a
value) and decodes its values. Requests are worked on one at a time; a response that is held back
waits beside the others.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from dev.sandbox import (
    account_info,
    campaigns,
    contact_imports,
    contacts,
    data_fields,
    events,
    insight_data,
    lists,
    programs,
    sms,
    transactional_email,
)
from dev.sandbox.api import Refusal, Request, Response, Route, denied, over_limit, plain_error
from dev.sandbox.control import CONTROL_PREFIX, add_control_routes
from dev.sandbox.failures import Armed, Failure
from dev.sandbox.journal import RequestRecord
from dev.sandbox.limits import LimitExceededError
from dev.sandbox.state import State

_RESOURCES: Final = (
    *(account_info, contact_imports, contacts, lists, data_fields, programs, campaigns),
    *(transactional_email, sms, events, insight_data),
)
ROUTES: Final[tuple[Route, ...]] = tuple(route for resource in _RESOURCES for route in resource.ROUTES)
"""All routes of Dotdigital that the sandbox has."""
_LARGEST_BODY: Final = 50 * 2**20
_VALUE: Final = "[^/]+"
_RECORD: Final = web.RequestKey("record", RequestRecord)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(state: State) -> web.Application:
    """Return the application over that state: Dotdigital's routes and the control API."""

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
    record = RequestRecord(
        number=len(state.journal.requests) + 1,
        at=state.clock.now(),
        method=request.method,
        raw_path=request.raw_path,
        path=request.path,
        query=dict(request.query),
        headers=headers,
        body=_readable(body),
        connection=request.transport.get_extra_info("peername")[1] if request.transport else 0,
    )
    state.journal.requests.append(record)
    return record


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
        response = _sent(plain_error(request.path, error.status, text).response)
    assert isinstance(response, web.Response)
    return response


def _handler(state: State, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the route as aiohttp calls it."""

    async def handle(request: web.Request) -> web.Response:
        body = await request.read()
        with state.lock:
            try:
                return _sent(_respond(state, route, request, body))
            except Refusal as refusal:
                return _sent(refusal.response)

    return handle


def _respond(state: State, route: Route, request: web.Request, body: bytes) -> Response:
    """Check credentials, then limits, then content type; then let the route work."""
    if not state.credentials.admit(request.headers.get("Authorization")):
        raise denied(request.path)
    try:
        counted = state.limits.count(route.tier, flat_exempt=route.flat_exempt)
    except LimitExceededError as error:
        raise over_limit(request.path, error) from None
    try:
        if body and request.content_type != "application/json":
            text = "Content type is not supported. ERROR_CONTENT_TYPE_IS_NOT_SUPPORTED"
            raise plain_error(request.path, 415, text)
        params, query = dict(request.match_info), dict(request.query)
        number, base_url = request[_RECORD].number, f"http://{request.host}"
        response = route.work(Request(state, number, params, query, body, base_url))
    except Refusal as refusal:
        response = refusal.response
    return Response(response.status, response.body, {**response.headers, **counted}, response.content_type)


async def _fail(state: State, request: web.Request, handler: _Handler, armed: Armed) -> web.StreamResponse:
    failure = armed.failure
    response = await _work(request, handler) if failure.works else None
    if failure.action == "rate_limit":
        with state.lock:
            response = _sent(over_limit(request.path, state.limits.exceeded("medium")).response)
    if failure.seconds:
        await asyncio.sleep(failure.seconds)
    if failure.drops:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    return _finish(request[_RECORD], _altered(request, failure, response))


def _altered(request: web.Request, failure: Failure, response: web.Response | None) -> web.Response:
    """Return the response as the failure wants it."""
    if response is None:
        assert failure.status is not None
        response = _sent(plain_error(request.path, failure.status, "Armed failure").response)
    if "body" in failure.model_fields_set or failure.action == "body":
        response = _sent(Response(failure.status or response.status, failure.body))
    elif failure.status is not None:
        response.set_status(failure.status)
    for name, value in failure.headers.items():
        response.headers.pop(name, None)
        if value is not None:
            response.headers[name] = value
    return response


def _finish(record: RequestRecord, response: web.Response) -> web.Response:
    assert isinstance(response.body, bytes)
    record.response = _readable(response.body)
    record.status = response.status
    return response


def _sent(response: Response) -> web.Response:
    body = response.encoded()
    headers = {**response.headers, "Content-Type": response.content_type} if body else response.headers
    return web.Response(status=response.status, body=body, headers=headers)

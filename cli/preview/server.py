"""POST /preview on loopback: an event in, its preview as JSON out. https://docs.aiohttp.org/en/stable/web.html"""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from cli.preview.as_json import as_json
from cli.preview.entries import SUBSCRIPTIONS
from cli.preview.moment import moment_of
from cli.preview.preview import preview
from cli.preview.unwrapping import InputError, read_input
from delivery.incoming import EventBus
from delivery.subscription import SubscriptionError
from dev.sandbox.server import listen, url_of

_LARGEST_BODY: Final = 6 * 2**20
_USUAL_BUS: Final = EventBus()
_OPTIONS: Final = frozenset({"subscription", "action", "now"})


def serve(port: int = 0, subscriptions: Path = SUBSCRIPTIONS, bus: EventBus = _USUAL_BUS) -> None:
    """Answer until SIGINT or SIGTERM; the first line of the output ends in the URL. Raises OSError for a taken port.

    The subscriptions are read for each request, so an edit counts at once.
    """
    listener = listen("127.0.0.1", port)
    sys.stdout.write(f"Previews: POST an event to {url_of(listener)}/preview\n")
    sys.stdout.flush()
    asyncio.run(_serve(listener, make_app(subscriptions, bus)))


def make_app(subscriptions: Path, bus: EventBus = _USUAL_BUS) -> web.Application:
    """The application that previews with these subscriptions; `bus` reads what EventBridge brings."""

    async def answer(request: web.Request) -> web.Response:
        body = await request.read()
        status, content = await asyncio.to_thread(_answer, body, dict(request.query), subscriptions, bus)
        return web.json_response(content, status=status, dumps=partial(json.dumps, ensure_ascii=False))

    async def usage(_: web.Request) -> web.Response:
        return web.json_response({"message": "POST an event here", "query": sorted(_OPTIONS)})

    app = web.Application(client_max_size=_LARGEST_BODY)
    app.router.add_post("/preview", answer)
    app.router.add_get("/preview", usage)
    return app


def _answer(body: bytes, query: Mapping[str, str], subscriptions: Path, bus: EventBus) -> tuple[int, dict[str, Any]]:
    try:
        if wrong := query.keys() - _OPTIONS:
            raise InputError(f"{', '.join(sorted(wrong))} is no option; there are {', '.join(sorted(_OPTIONS))}")
        given = read_input(body, query.get("action"), bus)
        return 200, as_json(preview(given, subscriptions, moment_of(query.get("now")), query.get("subscription")))
    except InputError as error:
        return 400, {"message": f"the event cannot be used: {error}"}
    except SubscriptionError as error:
        return 422, {"message": "the subscriptions cannot be used", "problems": list(error.problems)}


async def _serve(listener: socket.socket, app: web.Application) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        await stop.wait()
    finally:
        await runner.cleanup()

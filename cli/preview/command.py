"""`preview` shows what would become of a file's events; `preview-server` does so over HTTP, on this machine alone."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from aiohttp import web

from cli.ending import DONE, NOT_ALL, CommandError, ending
from cli.output import AsJson, Output
from cli.preview.envelopes import InputError, read_input
from cli.preview.preview import SUBSCRIPTIONS, preview_events
from cli.preview.report import as_json as report_as_json
from cli.preview.report import print_preview
from delivery.action import action_names
from delivery.incoming import SEGMENT_SOURCE_PREFIX, EventBus
from delivery.subscription import SubscriptionError
from dev.sandbox.server import listen, url_of

_LARGEST_BODY: Final = 6 * 2**20
_OPTIONS: Final = frozenset({"subscription", "action", "now"})

Subscriptions = Annotated[Path, typer.Option(help="The subscriptions to try.")]
SourcePrefix = Annotated[
    str, typer.Option(envvar="SEGMENT_SOURCE_PREFIX", help="The stack's parameter SegmentSourcePrefix.")
]
AllowPayloads = Annotated[
    bool, typer.Option("--allow-payloads", envvar="ALLOW_PAYLOADS", help="The stack's parameter AllowPayloads is true.")
]


def preview(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    event: Annotated[str, typer.Argument(metavar="EVENT.json", help="An event, in an envelope or bare; - is stdin.")],
    subscriptions: Subscriptions = SUBSCRIPTIONS,
    subscription: Annotated[str | None, typer.Option(help="Only the subscription of this name.")] = None,
    action: Annotated[
        str | None, typer.Option(help="The action of a bare payload; without it the name of the file's folder.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="The time to take for now, as ISO 8601.")] = None,
    segment_source_prefix: SourcePrefix = SEGMENT_SOURCE_PREFIX,
    allow_payloads: AllowPayloads = False,
    as_json: AsJson = False,
) -> None:
    """Show what would become of an event, without sending anything. docs/preview.md is the manual.

    Exit status: 0 at least one subscription would deliver, 1 none would, 2 something cannot be read.
    """
    output = Output(as_json=as_json)
    bus = EventBus(segment_source_prefix, allow_payloads)
    with ending(output):
        try:
            given = read_input(_content(event), action or _folder_of(event), bus)
            seen = preview_events(given, subscriptions, _time(now), subscription)
        except InputError as error:
            raise CommandError(f"{event} cannot be used: {error}") from None
        except SubscriptionError as error:
            raise CommandError(str(error)) from None
    if as_json:
        output.json(report_as_json(seen))
    else:
        print_preview(seen, output.results)
    raise typer.Exit(DONE if seen.delivers else NOT_ALL)


def preview_server(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 chooses a free one.")] = 0,
    subscriptions: Subscriptions = SUBSCRIPTIONS,
    segment_source_prefix: SourcePrefix = SEGMENT_SOURCE_PREFIX,
    allow_payloads: AllowPayloads = False,
) -> None:
    """Answer POST /preview on this machine. Ctrl-C ends it.

    The subscriptions are read for each request, so an edit counts at once.
    """
    with ending(Output(as_json=False)):
        try:
            listener = listen("127.0.0.1", port)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            advice = "Choose another with --port, or 0 for a free one."
            raise CommandError(f"Cannot listen on port {port}: {reason}. {advice}") from None
        typer.echo(f"Previews: POST an event to {url_of(listener)}/preview")
        asyncio.run(_serve(listener, _make_app(subscriptions, EventBus(segment_source_prefix, allow_payloads))))


def _time(now: str | None) -> datetime:
    """Read a time; a time without a zone is in UTC."""
    if not now:
        return datetime.now(UTC)
    try:
        read = datetime.fromisoformat(now)
    except ValueError:
        raise InputError("now must be a time as ISO 8601, such as 2026-11-20T10:00:00Z") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _content(event: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if event == "-" else Path(event).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or "it cannot be read") from None


def _folder_of(event: str) -> str | None:
    folder = Path(event).resolve().parent.name
    return folder if event != "-" and folder in action_names() else None


def _make_app(subscriptions: Path, bus: EventBus) -> web.Application:
    """Make the application that previews with these subscriptions: https://docs.aiohttp.org/en/stable/web.html."""

    async def respond(request: web.Request) -> web.Response:
        body = await request.read()
        status, content = await asyncio.to_thread(_respond, body, dict(request.query), subscriptions, bus)
        return web.json_response(content, status=status, dumps=partial(json.dumps, ensure_ascii=False))

    async def usage(_: web.Request) -> web.Response:
        return web.json_response({"message": "POST an event here", "query": sorted(_OPTIONS)})

    app = web.Application(client_max_size=_LARGEST_BODY)
    app.router.add_post("/preview", respond)
    app.router.add_get("/preview", usage)
    return app


def _respond(body: bytes, query: Mapping[str, str], subscriptions: Path, bus: EventBus) -> tuple[int, dict[str, Any]]:
    try:
        if wrong := query.keys() - _OPTIONS:
            raise InputError(f"{', '.join(sorted(wrong))} is no option; there are {', '.join(sorted(_OPTIONS))}")
        given = read_input(body, query.get("action"), bus)
        seen = preview_events(given, subscriptions, _time(query.get("now")), query.get("subscription"))
        return 200, report_as_json(seen)
    except InputError as error:
        return 400, {"message": f"the event cannot be used: {error}"}
    except SubscriptionError as error:
        return 422, {"message": "the subscriptions cannot be used", "problems": list(map(str, error.problems))}


async def _serve(listener: socket.socket, app: web.Application) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        await stop.wait()
    finally:
        await runner.cleanup()

"""How a stand-in serves: on a free port of loopback, its URL the first line of its output."""

import socket

import typer
from aiohttp import web


def serve(application: web.Application) -> None:
    """Serve until killed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    typer.echo(f"http://127.0.0.1:{listener.getsockname()[1]}")
    web.run_app(application, sock=listener, print=None, access_log=None)

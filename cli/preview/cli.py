"""The command line of `python -m cli.preview`."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console

from cli.preview.as_json import as_json
from cli.preview.entries import SUBSCRIPTIONS
from cli.preview.moment import moment_of
from cli.preview.preview import preview
from cli.preview.report import print_preview
from cli.preview.server import serve as serve_previews
from cli.preview.unwrapping import InputError, read_input
from delivery.action import action_names
from delivery.incoming import SEGMENT_SOURCE_PREFIX, EventBus
from delivery.subscription import SubscriptionError

DELIVERS: Final = 0
DELIVERS_NOT: Final = 1
UNREADABLE: Final = 2
_PLAIN_WIDTH: Final = 200

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Subscriptions = Annotated[Path, typer.Option(help="The subscriptions to try.")]
SourcePrefix = Annotated[
    str, typer.Option(envvar="SEGMENT_SOURCE_PREFIX", help="The stack's parameter SegmentSourcePrefix.")
]
AllowPayloads = Annotated[
    bool, typer.Option("--allow-payloads", envvar="ALLOW_PAYLOADS", help="The stack's parameter AllowPayloads is true.")
]


@app.callback()
def previews() -> None:
    """Show what would become of an event, without sending anything. docs/preview.md is the manual."""


@app.command()
def show(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    event: Annotated[str, typer.Argument(metavar="EVENT.json", help="An event, in an envelope or bare; - is stdin.")],
    subscriptions: Subscriptions = SUBSCRIPTIONS,
    subscription: Annotated[str | None, typer.Option(help="Only the subscription of this name.")] = None,
    action: Annotated[
        str | None, typer.Option(help="The action of a bare payload; without it the name of the file's folder.")
    ] = None,
    now: Annotated[str | None, typer.Option(help="The moment to take for now, as ISO 8601.")] = None,
    as_machine: Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")] = False,
    segment_source_prefix: SourcePrefix = SEGMENT_SOURCE_PREFIX,
    allow_payloads: AllowPayloads = False,
) -> None:
    """Preview a file's events.

    Exit status: 0 at least one subscription would deliver, 1 none would, 2 something cannot be read.
    """
    try:
        bus = EventBus(segment_source_prefix, allow_payloads)
        given = read_input(_content(event), action or _folder_of(event), bus)
        seen = preview(given, subscriptions, moment_of(now), subscription)
    except InputError as error:
        _end(f"{event} cannot be used: {error}")
    except SubscriptionError as error:
        _end("\n".join(error.problems))
    if as_machine:
        typer.echo(json.dumps(as_json(seen), ensure_ascii=False))
    else:
        print_preview(seen, _console())
    raise typer.Exit(DELIVERS if seen.delivers else DELIVERS_NOT)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 chooses a free one.")] = 0,
    subscriptions: Subscriptions = SUBSCRIPTIONS,
    segment_source_prefix: SourcePrefix = SEGMENT_SOURCE_PREFIX,
    allow_payloads: AllowPayloads = False,
) -> None:
    """Answer POST /preview on this machine. Ctrl-C ends it."""
    try:
        serve_previews(port, subscriptions, EventBus(segment_source_prefix, allow_payloads))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        _end(f"Cannot listen on port {port}: {reason}. Choose another with --port, or 0 for a free one.")


def _content(event: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if event == "-" else Path(event).read_bytes()
    except OSError as error:
        raise InputError(error.strerror or "it cannot be read") from None


def _folder_of(event: str) -> str | None:
    folder = Path(event).resolve().parent.name
    return folder if event != "-" and folder in action_names() else None


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)


def _end(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(UNREADABLE)

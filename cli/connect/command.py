"""`connect`: give a stack its credentials and secrets, prove that it takes an event, and set Segment up."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.connect.connection import Connection, Consent
from cli.connect.credentials import read_credentials
from cli.connect.segment_api import EU, US, SegmentApi
from cli.deployment import read_deployment
from cli.ending import DONE, NOT_ALL, CommandError, ending
from cli.output import AsJson, Output
from cli.stack import DEFAULT_STACK, Local, StackName, open_stack, where
from dotdigital.json_text import read_json
from segment_events import EventError, read_event


def connect(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    region: Annotated[
        str | None, typer.Option(envvar="DOTDIGITAL_REGION", help="r1, r2 or r3; found if it is left out.")
    ] = None,
    from_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="JSON with username, password and perhaps region; - is standard input."),
    ] = None,
    event: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Send this Segment event too, and wait for its outcomes.")
    ] = None,
    segment_token: Annotated[
        str | None,
        typer.Option(envvar="SEGMENT_TOKEN", help="A token of Segment's Public API: make the destination with it."),
    ] = None,
    segment_source: Annotated[
        str | None, typer.Option(envvar="SEGMENT_SOURCE", help="The source's slug, name or id in Segment.")
    ] = None,
    segment_api: Annotated[str, typer.Option(envvar="SEGMENT_API", help=f"Segment's Public API; in the EU {EU}.")] = US,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make a new shared secret; the one before counts too.")
    ] = False,
    finish: Annotated[bool, typer.Option("--finish", help="With --rotate: drop the one before.")] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Print the secrets even if they are old, or there is no terminal.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Connect a stack with Dotdigital and Segment. docs/connect.md is the manual.

    It asks for the API user and password (or reads DOTDIGITAL_USERNAME and DOTDIGITAL_PASSWORD), tries them, writes the
    stack's secret, sends an event of its own through the webhook, and says what to put into Segment. Nothing is
    written where something is wrong.
    """
    output = Output(as_json=as_json)
    with ending(output, where(stack, local=local)) as interruption:
        if finish and not rotate:
            raise CommandError("--finish ends a rotation: give it with --rotate.")
        own = _event(event)
        there = open_stack(context, stack, local=local)
        connection = Connection(output, there, read_deployment(there), Consent(output, yes), interruption.held, show)
        try:
            if rotate:
                is_done = connection.finish() if finish else connection.rotate()
            else:
                segment = SegmentApi(segment_token, segment_api) if segment_token else None
                credentials = read_credentials(from_file, region, local=local)
                is_done = connection.connect(credentials, segment, segment_source)
            if own and is_done:
                is_done = connection.deliver(own)
        finally:
            connection.close()
            if as_json:
                output.json(asdict(connection.result))
    raise typer.Exit(DONE if is_done else NOT_ALL)


def _event(file: Path | None) -> dict[str, Any] | None:
    if file is None:
        return None
    try:
        content = read_json(file.read_text(encoding="utf-8"))
        read_event(content)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except EventError as error:
        raise CommandError(f"{file} is not a Segment event: {error}.") from None
    except (ValueError, RecursionError):
        raise CommandError(f"{file} is not JSON.") from None
    event: dict[str, Any] = content
    return event

"""The command line of `python -m cli.subscriptions`."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer
from rich.console import Console

from cli.subscriptions.compatibility_page import read_differences
from cli.subscriptions.differences import Met, differences_met
from cli.subscriptions.files import add_to, read_entries, write_new
from cli.subscriptions.importing import Imported, import_all
from cli.subscriptions.report import print_import
from cli.subscriptions.segment_export import Export, ExportError, read_export
from delivery.subscription import SubscriptionError

ALL: Final = 0
SOME_REFUSED: Final = 1
UNREADABLE: Final = 2
_NEW: Final = Path("subscriptions.json")
_PLAIN_WIDTH: Final = 200

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def subscriptions() -> None:
    """Bring subscriptions over from Segment. docs/importing.md is the manual."""


@app.command("import")
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="What Segment's API answered; - is standard input.")],
    into: Annotated[Path | None, typer.Option(help="Add to this subscriptions.json.")] = None,
    output: Annotated[Path, typer.Option(help="Write this new file, where there is no --into.")] = _NEW,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and tell, and write nothing.")] = False,
    as_machine: Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")] = False,
) -> None:
    """Turn what Segment's Public API says of a destination's subscriptions into subscriptions.json.

    Exit status: 0 all are in, 1 some are refused (the others are in), 2 something cannot be read or written.
    """
    try:
        export = read_export(_text(file))
        imported = import_all(export.subscriptions, read_entries(into) if into else [])
        written = None if dry_run else _write(imported, into, output)
    except ExportError as error:
        _end(f"{file} cannot be used: {error}")
    except SubscriptionError as error:
        _end("\n".join(error.problems))
    except FileExistsError as error:
        _end(f"{error.filename} is there already: name another with --output, or add to it with --into")
    except OSError as error:
        _end(f"{error.filename} cannot be read or written: {error.strerror}")
    usable = {each.name: each.used for each in imported if each.status != "refused"}
    met = differences_met(usable, read_differences())
    _print(imported, met, export, written, as_machine=as_machine)
    refused = any(each.status == "refused" for each in imported)
    raise typer.Exit(SOME_REFUSED if refused or export.missing else ALL)


def _write(imported: Sequence[Imported], into: Path | None, output: Path) -> Path | None:
    entries: list[Mapping[str, Any]] = [each.entry for each in imported if each.status == "imported"]
    if not entries:
        return None
    if into:
        add_to(into, entries)
        return into
    write_new(output, entries)
    return output


def _print(
    imported: Sequence[Imported], met: Sequence[Met], export: Export, written: Path | None, *, as_machine: bool
) -> None:
    if as_machine:
        content = {
            "written": str(written) if written else None,
            "missing": export.missing,
            "subscriptions": [asdict(each) for each in imported],
            "differences": [asdict(each) for each in met],
        }
        typer.echo(json.dumps(content, ensure_ascii=False))
        return
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)
    print_import(console, imported, met)
    if export.missing:
        typer.echo(
            f"\nSegment has at least {export.missing} more, on pages that are not in the file: add their answers to it."
        )
    count = sum(each.status == "imported" for each in imported)
    ending = f"written into {written}" if written else "nothing was written"
    typer.echo(f"\n{count} of {len(imported)} are new and right; {ending}.")


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ExportError("it is not text in UTF-8") from None


def _end(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(UNREADABLE)

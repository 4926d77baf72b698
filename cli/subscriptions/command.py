"""`subscriptions`: check them, and import what Segment has."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.ending import DONE, NOT_ALL, CommandError, ending
from cli.output import AsJson, Output
from cli.subscriptions.check import check
from cli.subscriptions.differences import Difference, differences_of
from cli.subscriptions.importing import Imported, add_to, existing_entries, import_all, write_new
from cli.subscriptions.segment_export import ExportError, read_export
from delivery.subscription import SubscriptionError

_NEW: Final = Path("subscriptions.json")
_STYLES: Final = {"imported": "green", "there already": "dim", "refused": "red"}

app = typer.Typer(no_args_is_help=True, help="Subscriptions: check them, import those of Segment.")
app.command("check")(check)


@app.callback()
def subscriptions() -> None:
    """Check subscriptions before they are deployed, and bring them over from Segment: docs/importing.md."""


@app.command("import")
def import_subscriptions(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The response of Segment's API; - is standard input.")],
    into: Annotated[Path | None, typer.Option(help="Add to this subscriptions.json.")] = None,
    output: Annotated[Path, typer.Option(help="Write this new file, where there is no --into.")] = _NEW,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and tell, and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn what Segment's Public API says of a destination's subscriptions into subscriptions.json.

    Exit status: 0 all are in, 1 some are refused (the others are in), 2 something cannot be read or written.
    """
    to = Output(as_json=as_json)
    with ending(to):
        try:
            export = read_export(_text(file))
            imported = import_all(export.subscriptions, existing_entries(into) if into else [])
            written = None if dry_run else _write(imported, into, output)
        except ExportError as error:
            raise CommandError(f"{file} cannot be used: {error}") from None
        except SubscriptionError as error:
            raise CommandError(str(error)) from None
        except FileExistsError as error:
            advice = "name another with --output, or add to it with --into"
            raise CommandError(f"{error.filename} is there already: {advice}") from None
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read or written: {error.strerror}") from None
    differences = differences_of({each.name: each.used for each in imported if each.status != "refused"})
    if as_json:
        lists = {"subscriptions": [asdict(each) for each in imported], "differences": [asdict(d) for d in differences]}
        to.json({"written": str(written) if written else None, "missing": export.missing, **lists})
    else:
        _print(to, imported, differences, export.missing, written)
    refused = any(each.status == "refused" for each in imported)
    raise typer.Exit(NOT_ALL if refused or export.missing else DONE)


def _text(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ExportError("it is not text in UTF-8") from None


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
    output: Output,
    imported: Sequence[Imported],
    differences: Sequence[Difference],
    missing: int,
    written: Path | None,
) -> None:
    """Print what becomes of each subscription of the file, every problem, what differs here, and what was written."""
    output.results.print(_subscriptions_table(imported))
    for problem in (problem for each in imported for problem in each.problems):
        output.say(problem, "red")
    if differences:
        output.say("\nWhat will be different here for these subscriptions (all of it: docs/compatibility.md):", "bold")
        output.results.print(_differences_table(differences))
    if missing:
        output.say(f"\nSegment has at least {missing} more, on pages that are not in the file: append them to it.")
    count = sum(each.status == "imported" for each in imported)
    last = f"imported into {written}" if written else "can be imported; nothing was written"
    output.say(f"\n{count} of {len(imported)} {last}.")


def _differences_table(differences: Sequence[Difference]) -> Table:
    table = Table(Column("here", ratio=3, overflow="fold"), Column("for", ratio=2), "fault", box=None)
    for each in differences:
        table.add_row(each.here, ", ".join(each.subscriptions), each.fault)
    return table


def _subscriptions_table(imported: Sequence[Imported]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("subscription", "action", "", "remarks"):
        table.add_column(head, overflow="fold")
    for each in imported:
        remarks = "; ".join(each.remarks) or (f"{len(each.problems)} to correct" if each.problems else "")
        table.add_row(each.name or each.place, each.action, Text(each.status, style=_STYLES[each.status]), remarks)
    return table

"""What a local run tells the person who started it."""

import hmac
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dev.local_cloud.deployment import SHARED_SECRET, Stack
from dev.local_cloud.live import Told
from dev.local_cloud.replay import Result, Row

TABLE_WIDTH = 160
SAMPLE = Path("events/add_contact_to_list/direct.json")
"""An event that is done again when it comes again: a send that was made already would be recognised."""
_STYLES = {"delivered": "green", "skipped": "dim", "queued": "cyan", "retry": "yellow"}


def make_console(*, table: bool) -> Console:
    """Return a console as wide as the terminal; where there is none, 80 columns or wide enough for the table."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=TABLE_WIDTH if table else 80)


@contextmanager
def step(console: Console, doing: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done while it is done (on a terminal), then a line with its seconds.

    Yields what shows how far it is: "23 of 59".
    """
    start = time.monotonic()
    with console.status(doing) as status:
        yield lambda progress: status.update(f"{doing}: {progress}")
    console.print(f"{doing}: {time.monotonic() - start:.1f} s")


def print_row(console: Console, row: Row) -> None:
    """Print an event in two lines, what became of it and what Dotdigital got; a third says what was expected."""
    mark, style = ("✓", "green") if row.is_as_expected else ("✗", "red")
    ended = Text.assemble((f"{mark} ", style), f"{row.function:<25}{row.source:<12}", (row.seen.outcome, style))
    _print_line(console, ended.append(f"  {row.event}"))
    _print_line(console, Text(f"  {', '.join(row.seen.requests) or 'nothing'}", style="dim"))
    if not row.is_as_expected:
        console.print(Text(f"  expected {_described(row.expected)}", style="red"))


def print_summary(console: Console, rows: Sequence[Row]) -> None:
    """Print how many events ended as expected."""
    good = sum(row.is_as_expected for row in rows)
    console.print(f"{good} of {len(rows)} events ended as events/expectations.json says.")


def print_told(console: Console, told: Told) -> None:
    """Print what a function just told: a line, and where it says why one more."""
    ended = Text(f"{told.ended:<10}", style=_STYLES.get(told.ended, "red"))
    _print_line(console, ended.append(f"{told.function:<25}", style="default").append(told.what, style="default"))
    if told.why:
        console.print(Text(f"{'':10}{told.why}"))


def _print_line(console: Console, text: Text) -> None:
    console.print(text, no_wrap=True, overflow="ellipsis")


def results_table(rows: Sequence[Row]) -> Table:
    """Return the table of all events; a row that is not as expected says what was expected."""
    table = Table("event", "source", "function", "outcome", Column("what Dotdigital got", overflow="fold"))
    for row in rows:
        outcome = Text(row.seen.outcome, style="green" if row.is_as_expected else "red")
        got = Text("\n".join(row.seen.requests) or "nothing")
        if not row.is_as_expected:
            got.append(f"\nexpected {_described(row.expected)}", style="red")
        table.add_row(row.event, row.source, row.function, outcome, got)
    return table


def print_addresses(console: Console, stack: Stack, sandbox_url: str, preview_url: str) -> None:
    """Print where everything is, and a correctly signed request to try."""
    lines = [
        "",
        f"Webhook     {stack.api_url}/segment",
        f"API         {stack.api_url}",
        f"AWS         {stack.endpoint}",
        "            AWS_ENDPOINT_URL; access key and secret key are both: local",
        f"Dotdigital  {sandbox_url} (what it did: /_sandbox/journal)",
        f"Previews    {preview_url}/preview",
        "            POST an event: what would become of it, sending nothing",
        "",
        "To try, in this folder; at /actions/add-contact-to-list in place of /segment",
        "the response is the outcome:",
        *_curl(f"{stack.api_url}/segment"),
        "",
        "To sign a file of your own:",
        f"openssl dgst -sha1 -hmac {SHARED_SECRET} <file>",
        "",
    ]
    for line in lines:
        console.print(line, soft_wrap=True, markup=False)


def print_serving(console: Console) -> None:
    """Print that the run serves, and what the lines that follow are."""
    console.print("Serving until Ctrl-C. What becomes of each event:")


def _curl(url: str) -> list[str]:
    signature = hmac.new(SHARED_SECRET.encode(), SAMPLE.read_bytes(), "sha1").hexdigest()
    return [
        "curl -H 'Content-Type: application/json' \\",
        f"  -H 'X-Signature: {signature}' \\",
        f"  --data-binary @{SAMPLE} \\",
        f"  {url}",
    ]


def _described(result: Result) -> str:
    return f"{result.outcome} and {', '.join(result.requests) or 'nothing'}"

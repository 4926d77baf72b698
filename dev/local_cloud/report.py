"""What a local run tells the person who started it."""

import hmac
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from dev.local_cloud.deployment import SHARED_SECRET, Stack
from dev.local_cloud.replay import Result, Row

PLAIN_WIDTH = 160
SAMPLE = Path("events/add_contact_to_list/direct.json")
"""An event that is done again when it comes again: a send that was made already would be recognised."""


def make_console() -> Console:
    """Return a console as wide as the terminal, or wide enough for the table where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


@contextmanager
def step(console: Console, doing: str) -> Iterator[None]:
    """Show what is being done while it is done (on a terminal), then a line with its seconds."""
    start = time.monotonic()
    with console.status(doing):
        yield
    console.print(f"{doing}: {time.monotonic() - start:.1f} s")


def print_results(console: Console, rows: Sequence[Row]) -> None:
    """Print the table of all events and how many ended as expected."""
    console.print(results_table(rows))
    good = sum(row.is_as_expected for row in rows)
    console.print(f"{good} of {len(rows)} events ended as events/expectations.json says.")


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
    """Print where everything is and correctly signed requests to try."""
    lines = [
        f"Segment's webhook  {stack.api_url}/segment",
        f"API                {stack.api_url}",
        f"AWS                {stack.endpoint} (AWS_ENDPOINT_URL, any credentials)",
        f"Dotdigital         {sandbox_url} (what it did: {sandbox_url}/_sandbox/journal)",
        f"Previews           {preview_url}/preview (POST an event: what would become of it, sending nothing)",
        "",
        "To try, in this folder (the first goes through the queues, the second returns its outcome):",
        _curl(f"{stack.api_url}/segment"),
        _curl(f"{stack.api_url}/actions/add-contact-to-list"),
        "",
        "To sign a file of your own:",
        f"openssl dgst -sha1 -hmac {SHARED_SECRET} <file>",
        "",
        "Serving until Ctrl-C.",
    ]
    for line in lines:
        console.print(line, soft_wrap=True, markup=False)


def _curl(url: str) -> str:
    signature = hmac.new(SHARED_SECRET.encode(), SAMPLE.read_bytes(), "sha1").hexdigest()
    return f"curl -H 'Content-Type: application/json' -H 'X-Signature: {signature}' --data-binary @{SAMPLE} {url}"


def _described(result: Result) -> str:
    return f"{result.outcome} and {', '.join(result.requests) or 'nothing'}"

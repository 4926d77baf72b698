"""`backfill --dry-run`: what would be sent and what refused."""

from __future__ import annotations

from typing import Final

from cli.operate.backfill_bar import BackfillBar
from cli.operate.backfill_source import Source
from cli.operate.output import Output
from cli.operate.progress_file import Progress

_SHOWN: Final = 10


def count_lines(output: Output, source: Source) -> Progress:
    """Read the whole source, say why the first lines that are refused would be, and return the counts."""
    done = Progress()
    with BackfillBar(output, source) as bar:
        for line in source.lines():
            sent, refused = done.sent + (not line.refused), done.refused + bool(line.refused)
            done = Progress(place=line.end, line=line.number, sent=sent, refused=refused)
            if line.refused and refused <= _SHOWN:
                output.remark(f"line {line.number:,} {line.refused}")
            bar.show(done)
    if output.as_json:
        output.json({"events": done.sent, "refused": done.refused})
    else:
        output.say(f"Events to send: {done.sent:,}; lines to refuse: {done.refused:,}")
    return done

"""How far a backfill is: a bar by bytes on a terminal, else a line when it waits."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from cli.operate import progress_file
from cli.operate.backfill_source import Source
from cli.operate.output import Output


class BackfillBar:
    """Shows progress, and what is waited for, while it is entered."""

    def __init__(self, output: Output, source: Source) -> None:
        """Prepare a bar of the bytes of `source`, if its size is known, from where a former run stopped."""
        columns: tuple[ProgressColumn, ...] = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TextColumn("{task.fields[events]}"),
            TimeRemainingColumn(),
        )
        self._output = output
        self._source = source
        self._bar = Progress(*columns, console=output.remarks, transient=True, disable=not output.remarks.is_terminal)
        self._task = self._bar.add_task(
            "sending", total=source.size, completed=source.position(source.progress), events=""
        )
        self._waits = False

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take it away."""
        self._bar.stop()

    def show(self, progress: progress_file.Progress) -> None:
        """Move on."""
        self._waits = False
        done = f"{progress.sent:,} events"
        self._bar.update(self._task, completed=self._source.position(progress), description="sending", events=done)

    def wait(self, why: str) -> None:
        """Say what is waited for, once where there is no terminal."""
        self._bar.update(self._task, description=why)
        if self._bar.disable and not self._waits:
            self._output.remark(why)
        self._waits = True

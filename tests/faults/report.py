"""Prints what a fault run came to."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from tests.faults.fault_run import Ran


def show(ran: Ran, console: Console) -> None:
    """Print fates by action, promises with what broke them, and what the run was made of."""
    kinds = sorted({kind for counts in ran.verdict.by_action.values() for kind in counts})
    fates = Table("action", *kinds, title="What became of every event, by subscription")
    for action, counts in sorted(ran.verdict.by_action.items()):
        fates.add_row(action, *(str(counts[kind]) for kind in kinds))
    promises = Table("promise", "broken", "for example", title="Promises, against the sandbox's journal")
    for promise, broken in ran.verdict.problems.items():
        promises.add_row(promise, str(len(broken)), ", ".join(broken[:3]))
    figures = Table("figure", "value", title="The run")
    for name, value in ran.figures.items():
        figures.add_row(name, _text(value))
    for table in (fates, promises, figures):
        console.print(table)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{count} {name}" for name, count in sorted(value.items(), key=str))
    return str(value)

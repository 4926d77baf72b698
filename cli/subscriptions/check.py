"""`subscriptions check`: say what is wrong with subscriptions before they are deployed, each problem with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Final

import typer
from rich.cells import cell_len

from cli.actions import load_action
from cli.ending import DONE, NOT_ALL, CommandError, ending
from cli.output import AsJson, Output
from cli.preview.preview import SUBSCRIPTIONS
from delivery.subscription import Problem, SubscriptionError
from delivery.subscription_check import Checked, check_subscriptions
from delivery.subscriptions_file import read_entries

_WIDTH: Final = 80
_INDENT: Final = "    "
_CUT: Final = "…"


def check(
    file: Annotated[Path, typer.Argument(help="A file of subscriptions.")] = SUBSCRIPTIONS,
    as_json: AsJson = False,
) -> None:
    """Check triggers, mappings and the fields of each action, as far as they do not depend on the event.

    Exit status: 0 all can be used, 1 something is to be mended, 2 there is no such file.
    """
    output = Output(as_json=as_json)
    with ending(output):
        if not file.is_file():
            raise CommandError(f"{file}: there is no such file")
        checked, unreadable = _checked(file)
    is_right = not unreadable and not any(each.problems for each in checked)
    if as_json:
        content = {
            "subscriptions": [asdict(each) for each in checked],
            "problems": [asdict(each) for each in unreadable],
        }
        output.json({"file": str(file), "right": is_right, **content})
    else:
        _print(output, _shown(file), checked, unreadable)
    raise typer.Exit(DONE if is_right else NOT_ALL)


def _checked(file: Path) -> tuple[list[Checked], tuple[Problem, ...]]:
    """Check each subscription, or give what is wrong with the file as a whole."""
    try:
        entries = read_entries(file)
    except SubscriptionError as error:
        return [], error.problems
    return check_subscriptions(entries, lambda action: load_action(action).payload, datetime.now(UTC)), ()


def _shown(file: Path) -> str:
    path = file.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(file)


def _print(output: Output, file: str, checked: Sequence[Checked], unreadable: Sequence[Problem]) -> None:
    for problem in unreadable:
        _print_problem(output, problem)
    wrong = [each for each in checked if each.problems]
    for each in wrong:
        output.say(each.name if each.name == each.place else f"{each.name}  ({each.place})", "bold")
        for problem in each.problems:
            _print_problem(output, problem)
        output.say("")
    if unreadable:
        return
    count = f"{len(checked)} subscription{'' if len(checked) == 1 else 's'}"
    if not wrong:
        output.say(f"{file}: {count}, no problem found")
        return
    output.say(f"{file}: {len(wrong)} of {count} cannot be used as written", "red")


def _print_problem(output: Output, problem: Problem) -> None:
    for line in wrap(str(problem), _WIDTH, initial_indent="  ", subsequent_indent=_INDENT, break_on_hyphens=False):
        output.say(line, "red")
    for line in excerpt(problem):
        output.say(line)


def excerpt(problem: Problem) -> Iterator[str]:
    """Give the line of a trigger or a template that holds the place, as much of it as fits, and a caret under it."""
    if not problem.source:
        return
    width = _WIDTH - len(_INDENT)
    at = problem.offset or 0
    start = problem.source.rfind("\n", 0, at) + 1
    line = "".join(sign if sign.isprintable() else " " for sign in problem.source[start:].partition("\n")[0])
    at -= start
    first, last = max(0, at - width), min(len(line), at + width)
    while cell_len(line[first:last]) > width - (first > 0) - (last < len(line)):
        # Of the two ends the one goes that is farther from the place.
        first, last = (first + 1, last) if at - first > last - at else (first, last - 1)
    before = (_CUT if first else "") + line[first:at]
    yield _INDENT + (_CUT if first else "") + line[first:last] + (_CUT if last < len(line) else "")
    if problem.offset is not None:
        yield _INDENT + " " * cell_len(before) + "^"

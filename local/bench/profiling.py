"""`python -m local.bench.profiling WAY`: where the time of a way goes, as pyinstrument's tree (`make profile`)."""

import sys
from enum import StrEnum
from typing import Annotated

import typer
from pyinstrument import Profiler

from local.bench.resources import PROJECT

sys.path.append(str(PROJECT / "layers/shared"))

from local.bench.machine import Machine
from local.bench.whole_way import WAYS, bring, function, invocations

_INTERVAL_SECONDS = 0.0005
_LEAST_SHOWN = 0.02
"""Frames under 2 % of the time are left out."""


class Profiled(StrEnum):
    """What can be profiled: the ways of whole_way.WAYS."""

    BULK = "bulk"
    ONE_BY_ONE = "one-by-one"
    BULK_SANDBOX = "bulk-sandbox"
    ONE_BY_ONE_SANDBOX = "one-by-one-sandbox"
    TEN = "ten"
    SEND = "send"


def main(way: Annotated[Profiled, typer.Argument(help="Which way of an event.")] = Profiled.ONE_BY_ONE) -> None:
    """Show where the time of a way goes."""
    measured = WAYS[list(Profiled).index(way)]
    profiler = Profiler(interval=_INTERVAL_SECONDS)
    with Machine() as machine:
        machine.put(measured.action, lambda: function(measured, machine, lambda _: None))
        bring(machine, measured, invocations(measured, 0))
        work = invocations(measured, 1)
        with profiler:
            bring(machine, measured, work)
    only = {"filter_threshold": _LEAST_SHOWN}
    typer.echo(profiler.output_text(unicode=True, color=sys.stdout.isatty(), processor_options=only))


if __name__ == "__main__":
    typer.run(main)

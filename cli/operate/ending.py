"""How a command ends: what is said, and the exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cli.operate.errors import OperateError, explained
from cli.operate.interruption import Interruption
from cli.operate.output import Output

DONE: Final = 0
NOT_ALL: Final = 1
CANNOT: Final = 2
STOPPED: Final = 130


@contextmanager
def ending(output: Output, stack: str, *, local: bool) -> Iterator[Interruption]:
    """Say what stood in the way, if anything, and exit 2; exit 130 where a person stopped it."""
    try:
        with Interruption() as interruption:
            yield interruption
    except (BotoCoreError, ClientError) as error:
        output.remark(str(explained(error, "the local run" if local else f"stack {stack}")), "red")
        raise typer.Exit(CANNOT) from None
    except OperateError as error:
        output.remark(str(error), "red")
        raise typer.Exit(CANNOT) from None
    except KeyboardInterrupt:
        output.remark("Stopped.")
        raise typer.Exit(STOPPED) from None

"""The options that several commands have."""

from typing import Annotated

import typer

from cli.operate.place import Waits
from cli.operate.selection import Outcome

Stack = Annotated[str, typer.Option("--stack", envvar="STACK", help="The stack's name in CloudFormation.")]
Local = Annotated[
    bool, typer.Option("--local", help="The stack that `make run` runs on this machine. No AWS account is used.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for a machine.")]
Action = Annotated[str | None, typer.Option("--action", help="Only of this action, such as send_sms.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Only where the reason contains this text, in any case.")]
OfOutcome = Annotated[Outcome | None, typer.Option("--outcome", help="Only with this outcome.")]

STACK = "segment-dotdigital"


def waits(context: typer.Context) -> Waits:
    """Return how to wait: what started the command line may hand it in as the context's object."""
    return context.find_object(Waits) or Waits()

"""`check`: a table of what is right and wrong with a stack and the account behind it, and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from botocore.exceptions import ClientError
from rich.table import Table
from rich.text import Text

from cli.check.account import CheckedAccount, check_secret
from cli.check.findings import Finding, Status, asked, unknown
from cli.check.health import check_alarms, check_delivered, check_deployment, check_queues
from cli.check.references import check_references
from cli.check.subscriptions import (
    CHECKED,
    Enabled,
    check_deployed,
    judge,
    read_deployed,
)
from cli.deployment import Deployment, read_deployment
from cli.ending import DONE, NOT_ALL, CommandError, ending, explain_aws_error
from cli.output import AsJson, Output
from cli.stack import DEFAULT_STACK, Local, Stack, StackName, open_stack, where
from cli.stack_secret import StackSecret
from delivery.subscriptions_file import read_entries

_CHECKOUT: Final = Path("layers/subscriptions/subscriptions.json")
_SIGNS: Final = {
    Status.RIGHT: ("✓", "green"),
    Status.WRONG: ("✗", "red"),
    Status.UNKNOWN: ("?", "yellow"),
    Status.NOTE: ("·", "cyan"),
}
_WIDTH: Final = 80
_OLDEST_SECONDS: Final = 7200


def check_stack(
    context: typer.Context,
    subscriptions: Annotated[
        Path | None, typer.Option(help="Check these subscriptions instead of those that are deployed.")
    ] = None,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Check a stack and the Dotdigital account behind it, by requests that only read.

    Exit status: 0 nothing is wrong, 1 something is wrong or could not be asked, 2 the stack is not there.
    """
    output = Output(as_json=as_json)
    with ending(output, where(stack, local=local)):
        there = open_stack(context, stack, local=local)
        with output.remarks.status(f"Checking {there.title}"):
            findings = list(StackCheck(there, subscriptions).findings())
        if as_json:
            output.json({"stack": there.name, "findings": [asdict(finding) for finding in findings]})
        else:
            _print(output, findings)
    raise typer.Exit(DONE if all(finding.status in (Status.RIGHT, Status.NOTE) for finding in findings) else NOT_ALL)


class StackCheck:
    """All that is checked of one stack, in the order in which a person would look."""

    def __init__(self, stack: Stack, subscriptions: Path | None) -> None:
        """Ask for nothing yet. `subscriptions` stand in for those that are deployed."""
        self._stack, self._file = stack, subscriptions
        self._option = "--local" if stack.is_local else f"--stack {stack.name}"
        self._connect = f"segment-dotdigital connect {self._option}"

    def findings(self) -> Iterator[Finding]:
        """Check one thing after another; what cannot be asked hides nothing else. Raises CommandError without stack."""
        deployment, problem = self._deployment()
        if problem:
            yield problem
        parameters = deployment.parameters if deployment else {}
        if deployment:
            yield from check_deployment(deployment)
        enabled: list[Enabled] = []
        yield from asked(CHECKED, self._stack.title, lambda: self._check_subscriptions(enabled))
        if deployment:
            yield from asked("secret", self._stack.title, lambda: self._check_account(deployment, enabled))
        oldest = int(parameters.get("OldestMessageAlarmSeconds", _OLDEST_SECONDS))
        title = self._stack.title
        yield from asked("queues", title, lambda: check_queues(self._stack, self._option, oldest))
        yield from asked("alarms", title, lambda: check_alarms(self._stack, parameters))
        yield from asked("last 24 hours", title, lambda: check_delivered(self._stack))

    def _deployment(self) -> tuple[Deployment | None, Finding | None]:
        try:
            return read_deployment(self._stack), None
        except ClientError as error:
            if "AccessDenied" not in error.response["Error"]["Code"]:
                raise
            return None, unknown("stack, secret and account", explain_aws_error(error, self._stack.title))

    def _check_subscriptions(self, enabled: list[Enabled]) -> Iterator[Finding]:
        if self._file:
            entries = read_entries(self._file)
        else:
            deployed = read_deployed(self._stack)
            entries = list(deployed.entries)
            yield from check_deployed(deployed, _CHECKOUT)
        findings, found = judge(entries)
        enabled += found
        yield from findings

    def _check_account(self, deployment: Deployment, enabled: Sequence[Enabled]) -> Iterator[Finding]:
        stack_secret = StackSecret(self._stack, deployment.secret_id)
        try:
            findings, secret = check_secret(stack_secret, self._connect)
        finally:
            stack_secret.close()
        yield from findings
        if not secret:
            return
        try:
            account = CheckedAccount(secret, deployment.base_url)
        except ValueError as error:
            raise CommandError(f"The stack's parameter DotdigitalBaseUrl cannot be used: {error}.") from None
        title = self._stack.title
        yield from asked("credentials and region", title, lambda: account.check_credentials(self._connect))
        if account.info:
            yield from account.check_rights(enabled)
            references = asked("ids in mappings", title, lambda: check_references(account.within_seconds(), enabled))
            yield from references
            yield from account.check_limits(enabled)


def _print(output: Output, findings: Sequence[Finding]) -> None:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, width=min(_WIDTH, output.results.width))
    table.add_column(width=1)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=3, overflow="fold")
    for finding in findings:
        sign, style = _SIGNS[finding.status]
        found = Text(finding.found)
        if finding.advice:
            found.append(f"\n→ {finding.advice}", style="bold" if finding.status is Status.WRONG else "dim")
        table.add_row(Text(sign, style=style), finding.checked, found)
    output.results.print(table)
    wrong = sum(finding.status is Status.WRONG for finding in findings)
    unasked = sum(finding.status is Status.UNKNOWN for finding in findings)
    output.say(f"{wrong} wrong, {unasked} could not be asked." if wrong or unasked else "Nothing is wrong.")

"""A preview for a person, one part per subscription, and for a machine."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.preview.fields import FieldPreview
from cli.preview.preview import EventPreview, Part, Preview
from segment_events.fql.explanation import Finding

_SIGNS: Final = {"delivered": ("✓", "green"), "skipped": ("·", "dim")}
_REFUSED: Final = ("✗", "red")
_ENDINGS: Final = {"delivered": "would be delivered", "in_doubt": "would be in doubt", "retry": "would be tried again"}
_STYLES: Final = {"used": "", "wrong": "red", "missing": "red"}
_LONGEST_VALUE: Final = 100


def print_preview(preview: Preview, console: Console) -> None:
    """Print what would become of each event."""
    for event in preview.events:
        console.print(_title(event))
        if not event.parts:
            _say(console, "  no subscription is for it", "yellow")
        for part in event.parts:
            _print_part(part, console)
        console.print()
    parts = [part for event in preview.events for part in event.parts]
    total = f"{sum(part.delivers for part in parts)} of {len(parts)} would deliver. Nothing was sent."
    _say(console, total, "bold")


def _title(event: EventPreview) -> Text:
    read = event.event
    if read is None:
        return Text("a payload that is already mapped", style="bold")
    name = f' "{read.event}"' if read.event else ""
    return Text(f"{read.type}{name}", style="bold").append(f"  {read.message_id}", style="dim")


def _print_part(part: Part, console: Console) -> None:
    sign, style = _SIGNS.get(part.outcome.outcome, _REFUSED)
    ending = _ENDINGS.get(part.outcome.outcome, part.outcome.outcome)
    reason = f": {part.outcome.reason}" if part.outcome.reason else ""
    _say(console, f"{sign} {part.subscription} ({part.action}) {ending}{reason}", style)
    if part.outcome.outcome == "skipped" and part.outcome.reason == "the trigger does not match":
        for finding in part.conditions:
            _say(console, f"    {_finding(finding)}", "dim")
    if part.fields:
        console.print(_fields_table(part))
    for line, line_style in _requests(part):
        _say(console, line, line_style)


def _finding(finding: Finding) -> str:
    found = "nothing" if finding.found is None else _short(finding.found)
    wanted = " and should not" if finding.negated and finding.holds else ""
    return f"{finding.condition} {'holds' if finding.holds else 'does not hold'}{wanted}: {finding.field} is {found}"


def _fields_table(part: Part) -> Table:
    table = Table(box=None, pad_edge=True, padding=(0, 2, 0, 2), header_style="dim")
    for head in ("field", "value", "from", ""):
        table.add_column(head, overflow="fold")
    for field in part.fields:
        status = "" if field.status == "used" else f"{field.status}: {field.reason}" if field.reason else field.status
        value = "" if field.value is None else _short(field.value)
        table.add_row(field.name, value, _origin(field), status, style=_STYLES.get(field.status, "dim"))
    return table


def _origin(field: FieldPreview) -> str:
    if field.expression is None or field.source is None:
        return ""
    if field.source == json.dumps(field.value, ensure_ascii=False):
        return "the mapping itself"
    return field.source if field.source == field.expression else f"{field.source} (of {field.expression})"


def _requests(part: Part) -> Iterator[tuple[str, str]]:
    for request in part.requests:
        query = f"?{request.query}" if request.query else ""
        yield f"  {request.method} {request.path}{query}", "cyan"
        if request.body is not None:
            yield f"    {request.body}", ""
    if part.requests and part.assumed:
        yield f"  assumed: {'; '.join(part.assumed)}", "dim"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _say(console: Console, text: str, style: str) -> None:
    console.print(text, style=style, soft_wrap=True)


def as_json(preview: Preview) -> dict[str, Any]:
    """Give a preview as JSON; docs/preview.md has its form."""
    return {
        "now": preview.now.isoformat(),
        "delivers": preview.delivers,
        "events": [_event(event) for event in preview.events],
    }


def _event(event: EventPreview) -> dict[str, Any]:
    read = event.event
    said = {"messageId": read.message_id, "type": read.type, "event": read.event} if read else {"payload": True}
    return {**said, "subscriptions": [_part(part) for part in event.parts]}


def _part(part: Part) -> dict[str, Any]:
    return {
        "subscription": part.subscription,
        "action": part.action,
        "delivers": part.delivers,
        "outcome": part.outcome.as_json(),
        "conditions": [asdict(finding) for finding in part.conditions],
        "fields": [asdict(field) for field in part.fields],
        "requests": [asdict(request) for request in part.requests],
        "assumed": list(part.assumed),
    }

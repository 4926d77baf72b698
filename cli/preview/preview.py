"""What would become of an event: for each subscription whether it takes it, and what it then does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from cli.actions import load_action
from cli.preview.envelopes import Given, InputError
from cli.preview.fields import FieldPreview, Mapped, field_previews
from cli.preview.sandboxed import Request, perform
from delivery.action import Action
from delivery.incoming import segment_event
from delivery.outcome import Outcome
from delivery.subscription import Subscription, SubscriptionError, read_subscriptions, with_defaults
from dotdigital.json_text import read_json
from segment_events import Event, MappingResolutionError, compile_mapping, read_event
from segment_events.fql.explanation import Finding, explain_trigger

SUBSCRIPTIONS: Final = Path(__file__).parents[2] / "layers/subscriptions/subscriptions.json"
_ANY_EVENT: Final = "type != null"


@dataclass(frozen=True)
class Part:
    """A subscription's part: its outcome, and as far as it goes the conditions that decided, the fields, the requests.

    `assumed` says what of the Dotdigital account was taken for granted.
    """

    subscription: str
    action: str
    outcome: Outcome
    conditions: Sequence[Finding] = ()
    fields: Sequence[FieldPreview] = ()
    requests: Sequence[Request] = ()
    assumed: Sequence[str] = ()

    @property
    def delivers(self) -> bool:
        """Whether Dotdigital would get what the subscription is for."""
        return self.outcome.outcome == "delivered"


@dataclass(frozen=True)
class EventPreview:
    """What would become of one event, or of one payload that is already mapped (`event` is None)."""

    event: Event | None
    parts: Sequence[Part]


@dataclass(frozen=True)
class Preview:
    """What would become of all that was given, as of the time `now`."""

    now: datetime
    events: Sequence[EventPreview] = field(default_factory=tuple)

    @property
    def delivers(self) -> bool:
        """Whether any subscription would deliver."""
        return any(part.delivers for event in self.events for part in event.parts)


@dataclass(frozen=True)
class _Entry:
    """A subscription, compiled and as it is written."""

    subscription: Subscription
    trigger: str
    mapping: Mapping[str, Any]

    @classmethod
    def read(cls, written: Mapping[str, Any], now: datetime) -> Self:
        """Compile what is written, with `now` for what a mapping says of the time. Raises SubscriptionError."""
        subscription = Subscription.read(written)
        written = with_defaults(written)
        resolve = compile_mapping(written["mapping"], now=lambda: now)
        return cls(replace(subscription, resolve=resolve), written["subscribe"], written["mapping"])


def preview_events(given: Sequence[Given], subscriptions: Path, now: datetime, only: str | None = None) -> Preview:
    """Preview what was given. `only` names the one subscription that is looked at.

    Raises SubscriptionError for subscriptions that cannot be used, InputError for an envelope that names none of them.
    """
    entries = _read_entries(subscriptions, now, only)
    return Preview(
        now, [_of_payload(each, now) if each.is_payload else _of_event(each, entries, now) for each in given]
    )


def _read_entries(path: Path, now: datetime, only: str | None) -> list[_Entry]:
    """Read a file as the functions do. Raises SubscriptionError with every problem and its place."""
    read_subscriptions(path)
    content = read_json(path.read_text(encoding="utf-8"))
    entries = [_Entry.read(each, now) for each in (content["subscriptions"] if isinstance(content, dict) else content)]
    chosen = [entry for entry in entries if only in (None, entry.subscription.name)]
    if only is not None and not chosen:
        names = ", ".join(entry.subscription.name for entry in entries) or "none"
        raise SubscriptionError((f"there is no subscription {only!r}; there are: {names}",))
    return chosen


def _of_payload(given: Given, now: datetime) -> EventPreview:
    action = load_action(given.action or "")
    return EventPreview(None, [_performed(action, "(payload)", Mapped(None, {}, given.content), now)])


def _of_event(given: Given, entries: list[_Entry], now: datetime) -> EventPreview:
    event = read_event(given.content)
    asked = _tried(given, now) if given.tried else list(_asked(given, entries))
    waiting = given.subscription is not None
    return EventPreview(event, [_part(event, given.content, entry, now, waiting=waiting) for entry in asked])


def _asked(given: Given, entries: list[_Entry]) -> Iterator[_Entry]:
    for entry in entries:
        names_it = given.subscription in (None, entry.subscription.name)
        if names_it and given.action in (None, entry.subscription.action):
            yield entry


def _tried(given: Given, now: datetime) -> list[_Entry]:
    action = load_action(given.action or "")
    usual = {"subscribe": _ANY_EVENT, "mapping": action.payload.default_mapping()}
    try:
        return [_Entry.read({"name": "(tried)", "action": action.name, **usual, **(given.tried or {})}, now)]
    except SubscriptionError as error:
        raise InputError(f"what it is tried with cannot be used: {error}") from None


def _part(event: Event, raw: Mapping[str, Any], entry: _Entry, now: datetime, *, waiting: bool) -> Part:
    """Preview one subscription; `waiting` says that it was matched before, and is a message of the action's queue."""
    subscription = entry.subscription
    conditions = () if waiting else explain_trigger(entry.trigger)(raw)
    if waiting:
        reason = subscription.reason_against_waiting(subscription.action)
    else:
        reason = subscription.reason_against(event, raw)
    if reason:
        outcome = Outcome("rejected" if waiting else "skipped", subscription.action, subscription.name, reason)
        return Part(subscription.name, subscription.action, outcome, conditions)
    try:
        mapped = Mapped(entry.mapping, raw, subscription.resolve(raw), min(segment_event(raw).timestamp or now, now))
    except MappingResolutionError as error:
        outcome = Outcome("rejected", subscription.action, subscription.name, f"the mapping: {error}")
        return Part(subscription.name, subscription.action, outcome, conditions)
    return _performed(load_action(subscription.action), subscription.name, mapped, now, conditions)


def _performed(
    action: Action[Any], name: str, mapped: Mapped, now: datetime, conditions: Sequence[Finding] = ()
) -> Part:
    done = perform(action, mapped.values, name, now, mapped.happened)
    fields = field_previews(action.payload, mapped, done.outcome.fields or {}, now)
    return Part(name, action.name, done.outcome, conditions, fields, done.requests, done.assumed)

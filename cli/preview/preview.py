"""What would become of an event: for each subscription whether it takes it, and what it then does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from cli.actions import load_action
from cli.preview.envelopes import InputError
from cli.preview.fields import FieldPreview, Mapped, field_previews
from cli.preview.sandboxed import Performed, Request, perform
from delivery.action import Action
from delivery.incoming import Incoming, IncomingEvent, IncomingPayload
from delivery.outcome import Kind, Outcome
from delivery.subscription import Problem, Subscription, SubscriptionError, with_defaults
from delivery.subscriptions_file import read_entries, read_usable
from segment_events import Event, MappingResolutionError, compile_mapping
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


def preview_events(came: Sequence[Incoming], subscriptions: Path, now: datetime, only: str | None = None) -> Preview:
    """Preview what came. `only` names the one subscription that is looked at.

    Raises SubscriptionError for subscriptions that cannot be used, InputError for a mapping to try that cannot.
    """
    entries = _read_entries(subscriptions, now, only)
    return Preview(
        now,
        [
            _of_payload(each, now) if isinstance(each, IncomingPayload) else _of_event(each, entries, now)
            for each in came
        ],
    )


def _read_entries(path: Path, now: datetime, only: str | None) -> list[_Entry]:
    """Read a file of which each subscription can be used. Raises SubscriptionError with every problem and its place."""
    read_usable(path)
    entries = [_Entry.read(each, now) for each in read_entries(path)]
    chosen = [entry for entry in entries if only in (None, entry.subscription.name)]
    if only is not None and not chosen:
        names = ", ".join(entry.subscription.name for entry in entries) or "none"
        raise SubscriptionError([Problem("", f"there is no subscription {only!r}; there are: {names}")])
    return chosen


def _of_payload(incoming: IncomingPayload, now: datetime) -> EventPreview:
    action = load_action(incoming.action or "")
    done = perform(action, lambda delivery: delivery.prepare_payload(incoming, now), now)
    return EventPreview(None, [_performed(action, done, Mapped(None, {}, incoming.payload), now)])


def _of_event(incoming: IncomingEvent, entries: list[_Entry], now: datetime) -> EventPreview:
    asked = [_tried(incoming, incoming.tried, now)] if incoming.tried else _asked(incoming, entries)
    return EventPreview(incoming.event, [_part(incoming, entry, now) for entry in asked])


def _asked(incoming: IncomingEvent, entries: list[_Entry]) -> list[_Entry]:
    return [
        entry
        for entry in entries
        if incoming.subscription in (None, entry.subscription.name)
        and incoming.action in (None, entry.subscription.action)
    ]


def _tried(incoming: IncomingEvent, tried: Mapping[str, Any], now: datetime) -> _Entry:
    action = load_action(incoming.action or "")
    usual = {"subscribe": _ANY_EVENT, "mapping": action.payload.default_mapping()}
    try:
        return _Entry.read({"name": "(tried)", "action": action.name, **usual, **tried}, now)
    except SubscriptionError as error:
        raise InputError(f"what it is tried with cannot be used: {error}") from None


def _part(incoming: IncomingEvent, entry: _Entry, now: datetime) -> Part:
    subscription = entry.subscription
    if incoming.subscription is not None:  # it was matched before, and waits in the action's queue
        kind: Kind = "rejected"
        conditions: Sequence[Finding] = ()
        reason = subscription.reason_against_waiting(subscription.action)
    else:
        kind, conditions = "skipped", explain_trigger(entry.trigger)(incoming.raw)
        reason = subscription.reason_against(incoming.event, incoming.raw)
    if reason:
        outcome = Outcome(kind, subscription.action, subscription.name, reason)
        return Part(subscription.name, subscription.action, outcome, conditions)
    action = load_action(subscription.action)
    done = perform(action, lambda delivery: delivery.prepare_event(incoming, subscription, now), now)
    try:
        mapped = Mapped(entry.mapping, incoming.raw, subscription.resolve(incoming.raw))
    except MappingResolutionError:
        return Part(subscription.name, action.name, done.outcome, conditions)
    return replace(_performed(action, done, mapped, now), conditions=conditions)


def _performed(action: Action[Any], done: Performed, mapped: Mapped, now: datetime) -> Part:
    fields = field_previews(action.payload, mapped, done.outcome.fields or {}, now)
    return Part(done.outcome.subscription, action.name, done.outcome, (), fields, done.requests, done.assumed)

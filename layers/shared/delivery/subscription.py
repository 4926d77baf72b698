"""A subscription: which events go to which action with which mapping, compiled once.

https://segment.com/docs/connections/destinations/actions/
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
)

from delivery.action import action_name
from delivery.fields.scalars import flag_of
from dotdigital.json_text import read_json
from segment_events import Event, MappingError, TriggerError, compile_mapping, compile_trigger
from segment_events.spelling import did_you_mean

DEFAULTS: Final = Path(__file__).with_name("default_subscriptions.json")
_MEND: Final = "mend that and replay it, or drop it"
_KEYS: Final = ("name", "enabled", "partnerAction", "subscribe", "mapping")
_ACTION_KEYS: Final = {"partnerAction", "action"}
_OF_THE_ACTION: Final = {"subscribe", "mapping"}
_UNKNOWN: Final = ""
"""Stands for an action that cannot be read."""


@dataclass(frozen=True)
class Problem:
    """What is wrong at a place of a subscription, and what to do.

    If that is within a trigger or a template, `source` has all of it, and `offset` says where (characters from 0), as
    far as it is known.
    """

    place: str
    text: str
    source: str | None = None
    offset: int | None = None

    def __str__(self) -> str:
        """Give the place and the text."""
        return f"{self.place}: {self.text}" if self.place else self.text

    def within(self, place: str) -> "Problem":
        """Give the problem as one of a greater whole, in which its subscription has this place."""
        return replace(self, place=f"{place}.{self.place}" if self.place else place)


class SubscriptionError(ValueError):
    """A subscription, or a file of them, cannot be used. `problems` has every reason, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems; `str()` gives one a line."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def _action(name_or_slug: str) -> str:
    try:
        return action_name(name_or_slug)
    except LookupError as error:
        raise ValueError(error.args[0]) from None


def _trigger(subscribe: Any) -> Callable[[Mapping[str, Any]], bool]:
    if not isinstance(subscribe, str):
        raise ValueError("Input should be text, a trigger in FQL")
    return compile_trigger(subscribe)


def _mapping(mapping: Any) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    if not isinstance(mapping, dict):
        raise ValueError("Input should be an object, from the fields of the action to their values")
    return compile_mapping(mapping)


class SubscriptionSettings(BaseModel):
    """A subscription as Segment writes it and as a person edits it, once it has its action's defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Subscription")

    name: str = Field(min_length=1, description="The name of the subscription in logs, metrics and responses.")
    enabled: bool = Field(True, description="Whether events are taken.")
    action: Annotated[str, AfterValidator(_action)] = Field(
        validation_alias=AliasChoices("partnerAction", "action"),
        description="The action, by its name (add_contact_to_list) or by Segment's slug (addContactToList).",
    )
    subscribe: Annotated[
        Callable[[Mapping[str, Any]], bool], PlainValidator(_trigger), WithJsonSchema({"type": "string"})
    ] = Field(description="The trigger, in FQL: docs/triggers.md. Without one it is the action's own: docs/actions.md.")
    mapping: Annotated[
        Callable[[Mapping[str, Any]], dict[str, Any]], PlainValidator(_mapping), WithJsonSchema({"type": "object"})
    ] = Field(description="The mapping, as Segment shows it: docs/mapping.md. Without one it is the action's own.")


@dataclass(frozen=True)
class Subscription:
    """A subscription ready for events; one with `problems` holds its events back until somebody mends it."""

    name: str
    enabled: bool
    action: str
    matches: Callable[[Mapping[str, Any]], bool]
    resolve: Callable[[Mapping[str, Any]], dict[str, Any]]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def read(cls, entry: Any) -> Self:
        """Read a subscription as JSON has it and compile it. Raises SubscriptionError with every problem.

        A trigger or a mapping that it leaves out is its action's own.
        """
        try:
            read = SubscriptionSettings.model_validate(with_defaults(entry) if isinstance(entry, dict) else entry)
        except ValidationError as error:
            raise SubscriptionError(list(_problems(error))) from None
        return cls(read.name, read.enabled, read.action, read.subscribe, read.mapping)

    @classmethod
    def unusable(cls, entry: Any, place: str, problems: Sequence[Problem]) -> Self:
        """Give what can be read of an entry with problems. Without a name it is known by its place.

        Which events are for it is known if its name, its action and its trigger can be read.
        """
        written = with_defaults(entry) if isinstance(entry, dict) else {}
        name = written.get("name")
        action = _or_none(_action, written.get("partnerAction", written.get("action")))
        trigger = _or_none(_trigger, written.get("subscribe"))
        is_named = isinstance(name, str) and bool(name)
        return cls(
            name=str(name) if is_named else place,
            enabled=_or_none(flag_of, written.get("enabled", True)) is not False,
            action=action or _UNKNOWN,
            matches=trigger if is_named and action and trigger else _unknown_events,
            resolve=lambda event: {},
            problems=tuple(problems),
        )

    def concerns(self, action: str) -> bool:
        """Tell whether it is a subscription of the action, or may be: of what cannot be read that is not known."""
        return self.action in (action, _UNKNOWN)

    @property
    def reason_to_wait(self) -> str | None:
        """The reason for which its events wait, None if it can be used."""
        if not self.problems:
            return None
        others = f", and {len(self.problems) - 1} more" if len(self.problems) > 1 else ""
        return f"the subscription cannot be used until it is mended: {self.problems[0]}{others}"

    def reason_against(self, event: Event, raw: Mapping[str, Any]) -> str | None:
        """Give the reason for which the subscription does not want an event, None where it does."""
        if not self.enabled:
            return "the subscription is disabled"
        if event.refuses_dotdigital:
            return "the event's integrations object says no to Dotdigital"
        if self.matches is _unknown_events:
            return "the subscription cannot be used, and which events it wants cannot be read"
        return None if self.matches(raw) else "the trigger does not match"

    def reason_against_waiting(self, action: str) -> str | None:
        """Give the reason for which what it matched, and what waited for `action` since, is not delivered by itself.

        The trigger is not asked again: an edited one changes nothing for what waits.
        """
        if not self.concerns(action):
            return f"the subscription has another action by now: {_MEND}"
        return None if self.enabled else f"the subscription was disabled while the event waited: {_MEND}"


def _unknown_events(raw: Mapping[str, Any]) -> bool:
    """Stand for a trigger that cannot be read."""
    return False


def _or_none[T](read: Callable[[Any], T], value: Any) -> T | None:
    try:
        return read(value)
    except ValueError:
        return None


def with_defaults(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Give a subscription with its action's own trigger and mapping, where it leaves them out."""
    if {"subscribe", "mapping"} <= entry.keys():
        return dict(entry)
    try:
        return {**_defaults()[action_name(entry.get("partnerAction", entry.get("action")))], **entry}
    except LookupError:
        return dict(entry)


@cache
def _defaults() -> dict[str, dict[str, Any]]:
    """Read the trigger and the mapping of each action, which `make generate` writes: no function loads another's."""
    defaults: dict[str, dict[str, Any]] = read_json(DEFAULTS.read_text(encoding="utf-8"))
    return defaults


def _problems(error: ValidationError) -> Iterator[Problem]:
    found = error.errors()
    wrong = {each["loc"][0] for each in found if each["loc"]}
    for each in found:
        # Without an action it is not known what it leaves out.
        if not (each["type"] == "missing" and each["loc"][0] in _OF_THE_ACTION and wrong & _ACTION_KEYS):
            yield from _problems_of(each)


def _problems_of(found: Mapping[str, Any]) -> Iterator[Problem]:
    place = ".".join(map(str, found["loc"]))
    match found.get("ctx", {}).get("error"), found["type"]:
        case TriggerError() as error, _:
            for text, problem in zip_longest(error.problems, error.found):
                yield Problem(place, text, found["input"], problem.offset if problem else None)
        case MappingError() as error, _:
            for each in error.found:
                yield Problem(f"{place}{each.path or '/'}", each.text, each.template, each.offset)
        case ValueError() as error, _:
            yield Problem(place, str(error))
        case _, "model_type":
            yield Problem(place, "Input should be an object")
        case _, "missing":
            yield Problem(place, "is required")
        case _, "extra_forbidden":
            meant = did_you_mean(place, _KEYS)
            yield Problem(place, f"is not a key of a subscription{meant or '; correct its spelling or leave it out'}")
        case _:
            yield Problem(place, found["msg"])

"""A subscription: which events go to which action with which mapping, compiled once; and the file of subscriptions.

https://segment.com/docs/connections/destinations/actions/
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
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
from dotdigital.json_text import read_json
from segment_events import Event, MappingError, TriggerError, compile_mapping, compile_trigger

DEFAULTS: Final = Path(__file__).with_name("default_subscriptions.json")
_MEND: Final = "mend that and replay it, or drop it"


class SubscriptionError(ValueError):
    """A subscription, or a file of them, cannot be used. `problems` has every reason, each with its place."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the problems; `str()` gives one a line."""
        super().__init__("\n".join(problems))
        self.problems = problems


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
    """A subscription ready for events."""

    name: str
    enabled: bool
    action: str
    matches: Callable[[Mapping[str, Any]], bool]
    resolve: Callable[[Mapping[str, Any]], dict[str, Any]]

    @classmethod
    def read(cls, entry: Any) -> Self:
        """Read a subscription as JSON has it and compile it. Raises SubscriptionError with every problem.

        A trigger or a mapping that it leaves out is its action's own.
        """
        try:
            read = SubscriptionSettings.model_validate(with_defaults(entry) if isinstance(entry, dict) else entry)
        except ValidationError as error:
            raise SubscriptionError(tuple(text for problem in error.errors() for text in _texts(problem))) from None
        return cls(read.name, read.enabled, read.action, read.subscribe, read.mapping)

    def reason_against(self, event: Event, raw: Mapping[str, Any]) -> str | None:
        """Give the reason for which the subscription does not want an event, None where it does."""
        if not self.enabled:
            return "the subscription is disabled"
        if event.refuses_dotdigital:
            return "the event's integrations object says no to Dotdigital"
        return None if self.matches(raw) else "the trigger does not match"

    def reason_against_waiting(self, action: str) -> str | None:
        """Give the reason for which what it matched, and what waited for `action` since, is not delivered by itself.

        The trigger is not asked again: an edited one changes nothing for what waits.
        """
        if self.action != action:
            return f"the subscription has another action by now: {_MEND}"
        return None if self.enabled else f"the subscription was disabled while the event waited: {_MEND}"


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


def _texts(problem: Mapping[str, Any]) -> Iterator[str]:
    place = ".".join(map(str, problem["loc"]))
    match problem.get("ctx", {}).get("error"), problem["type"]:
        case TriggerError() as error, _:
            yield from (f"{place}: {text}" for text in error.problems)
        case MappingError() as error, _:
            yield from (f"{place}{text}" for text in error.problems)
        case ValueError() as error, _:
            yield f"{place}: {error}"
        case _, "model_type":
            yield "Input should be an object"
        case _, "missing":
            yield f"{place}: is required"
        case _, "extra_forbidden":
            yield f"{place}: is not a key of a subscription; correct its spelling or leave it out"
        case _:
            yield f"{place}: {problem['msg']}"


class SubscriptionsFile(BaseModel):
    """What stands in the file. Its JSON Schema is subscriptions.schema.json, beside it."""

    model_config = ConfigDict(title="Subscriptions of the Dotdigital destination")

    schema_address: str | None = Field(None, alias="$schema", description="Lets an editor check the file as you type.")
    subscriptions: list[SubscriptionSettings] = Field(description="In the order in which they are tried.")


def read_subscriptions(path: Path) -> tuple[Subscription, ...]:
    """Read and compile every subscription of the file. Raises SubscriptionError with every problem and its place."""
    try:
        entries = _entries(read_json(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise SubscriptionError((f"{path} cannot be read: {error}",)) from error
    subscriptions: list[Subscription] = []
    problems: list[str] = []
    for place, entry in enumerate(entries):
        try:
            subscriptions.append(Subscription.read(entry))
        except SubscriptionError as error:
            where = f"{path.name}: subscriptions[{place}]{'.' if isinstance(entry, dict) else ' '}"
            problems.extend(where + problem for problem in error.problems)
    names = Counter(str(entry["name"]) for entry in entries if isinstance(entry, dict) and "name" in entry)
    problems.extend(f"{path.name}: the name {name!r} is used {n} times" for name, n in names.items() if n > 1)
    if problems:
        raise SubscriptionError(tuple(problems))
    return tuple(subscriptions)


def _entries(content: Any) -> list[Any]:
    entries = content.get("subscriptions") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise ValueError('it must be {"subscriptions": [...]}, or the list alone')
    return entries

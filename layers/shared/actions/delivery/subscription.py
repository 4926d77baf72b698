"""A subscription: which events go to which action with which mapping, compiled once.

https://segment.com/docs/connections/destinations/actions/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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

from actions import action_name
from segment_events import Event, MappingError, TriggerError, compile_mapping, compile_trigger

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
    """A subscription as Segment writes it and as a person edits it."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Subscription")

    name: str = Field(min_length=1, description="What logs, metrics and answers call the subscription.")
    enabled: bool = Field(True, description="Whether events are taken.")
    action: Annotated[str, AfterValidator(_action)] = Field(
        validation_alias=AliasChoices("partnerAction", "action"),
        description="The action, by its name (add_contact_to_list) or by Segment's slug (addContactToList).",
    )
    subscribe: Annotated[
        Callable[[Mapping[str, Any]], bool], PlainValidator(_trigger), WithJsonSchema({"type": "string"})
    ] = Field(description="The trigger, in FQL: docs/triggers.md.")
    mapping: Annotated[
        Callable[[Mapping[str, Any]], dict[str, Any]], PlainValidator(_mapping), WithJsonSchema({"type": "object"})
    ] = Field(description="The mapping, as Segment shows it: docs/mapping.md.")


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
        """Read a subscription as JSON has it and compile it. Raises SubscriptionError with every problem."""
        try:
            read = SubscriptionSettings.model_validate(entry)
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

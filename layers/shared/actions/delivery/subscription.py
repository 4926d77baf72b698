"""A subscription: which events go to which action with which mapping, compiled once.

https://segment.com/docs/connections/destinations/actions/
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from actions import action_name
from segment_events import MappingError, TriggerError, compile_mapping, compile_trigger


class SubscriptionError(ValueError):
    """A subscription, or a file of them, cannot be used. `problems` has every reason, each with its place."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        """Keep the problems; `str()` gives one a line."""
        super().__init__("\n".join(problems))
        self.problems = problems


class SubscriptionSettings(BaseModel):
    """A subscription as Segment writes it and as a person edits it."""

    model_config = ConfigDict(frozen=True, title="Subscription")

    name: str = Field(min_length=1, description="What logs, metrics and answers call the subscription.")
    enabled: bool = Field(True, description="Whether events are taken.")
    action: str = Field(
        validation_alias=AliasChoices("partnerAction", "action"),
        description="The action, by its name (add_contact_to_list) or by Segment's slug (addContactToList).",
    )
    subscribe: str = Field(description="The trigger, in FQL: docs/triggers.md.")
    mapping: dict[str, Any] = Field(description="The mapping, as Segment shows it: docs/mapping.md.")


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
            return cls._compile(SubscriptionSettings.model_validate(entry))
        except ValidationError as error:
            problems = (f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors())
            raise SubscriptionError(tuple(problems)) from None

    @classmethod
    def _compile(cls, settings: SubscriptionSettings) -> Self:
        problems: list[str] = []
        action = trigger = mapping = None
        try:
            action = action_name(settings.action)
        except LookupError as error:
            problems.append(f"action: {error.args[0]}")
        try:
            trigger = compile_trigger(settings.subscribe)
        except TriggerError as error:
            problems.append(f"subscribe: {error}")
        try:
            mapping = compile_mapping(settings.mapping)
        except MappingError as error:
            problems.extend(f"mapping{problem}" for problem in error.problems)
        if action is None or trigger is None or mapping is None:
            raise SubscriptionError(tuple(problems))
        return cls(settings.name, settings.enabled, action, trigger, mapping)

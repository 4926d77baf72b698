"""A Segment event: the six calls of the Spec and the deletion notice, read with tolerance.

Only `messageId` and `type` are needed; the rest may be missing, null or, as in deletion notices, `[]` for `{}`. Keys
that are not named here are kept. https://segment.com/docs/connections/spec/common/
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


class EventError(ValueError):
    """What came is not a Segment event. `fields` gives a reason for each field at fault; none holds its value."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Keep the reasons by field."""
        super().__init__("; ".join(f"{field} {reason}" for field, reason in fields.items()))
        self.fields = fields


def _object(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> Any:
    return None if value is None or isinstance(value, Mapping | list) else str(value)


_Object = Annotated[dict[str, Any], BeforeValidator(_object)]
_Text = Annotated[str | None, BeforeValidator(_text)]


class Event(BaseModel):
    """One event, as far as the delivery looks at it; triggers and mappings read the raw event."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Literal["identify", "track", "page", "screen", "group", "alias", "delete"]
    message_id: str = Field(alias="messageId", min_length=1)
    user_id: _Text = Field(default=None, alias="userId")
    anonymous_id: _Text = Field(default=None, alias="anonymousId")
    event: _Text = None
    timestamp: _Text = None
    context: _Object = Field(default_factory=dict)
    integrations: _Object = Field(default_factory=dict)
    properties: _Object = Field(default_factory=dict)
    traits: _Object = Field(default_factory=dict)


def read_event(raw: Any) -> Event:
    """Read what came as an event. Raises EventError that names each field at fault."""
    if not isinstance(raw, Mapping):
        raise EventError({"event": "must be a JSON object"})
    try:
        return Event.model_validate(raw)
    except ValidationError as error:
        raise EventError({_field(problem["loc"]): _reason(problem) for problem in error.errors()}) from None


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _reason(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "missing":
        return "is required"
    if problem["type"] == "literal_error":
        return f"must be one of {problem['ctx']['expected']}"
    return "must be text"

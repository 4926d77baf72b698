"""One call to the sandbox as its routes see it, and how a route is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from dev.sandbox.account import Account
from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.limits import Tier
from dev.sandbox.state import State

_ID = TypeAdapter(int)
_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its decoded path values, its query and its body, and what it works on."""

    state: State
    request: int
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    base_url: str

    @property
    def account(self) -> Account:
        """The account that the call works on."""
        return self.state.account

    def effect(self, effect: str, **details: object) -> None:
        """Write an effect of this call into the journal."""
        self.state.journal.happened(self.request, effect, details)

    def number(self, name: str) -> int:
        """A path value that has to be a positive int32; refuses with 400 otherwise."""
        value = self.params[name]
        if value.isascii() and value.isdigit() and 0 < int(value) <= _INT32:
            return int(value)
        raise Refusal(v2_error(400, "ERROR_PARAMETER_INVALID", f"{name} is not an id."))


@dataclass(frozen=True, slots=True)
class Route:
    """A route: its method, its path with `{names}`, what answers it, and how it is counted.

    `flat_exempt` calls do not count to the flat hourly limit. `tier` is the tier of the other
    scheme.
    """

    method: str
    path: str
    answer: Callable[[Call], Answer]
    tier: Tier
    flat_exempt: bool = False


class V2Body(BaseModel):
    """A body of v2: names without regard to case, no unknown names.

    That v2 ignores case follows from the spellings its own clients use; see `docs/sandbox.md`.
    """

    model_config = ConfigDict(alias_generator=lambda name: to_camel(name).lower(), extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        if isinstance(value, dict):
            return {str(key).lower(): item for key, item in value.items()}
        return value


def v2_body[T: V2Body](call: Call, model: type[T], code: str = "ERROR_PARAMETER_INVALID") -> T:
    """Read a body of v2.

    A body that is not JSON is refused with ERROR_MALFORMED_REQUEST, another fault with `code`,
    each time with 400 and the names of the fields that are wrong.
    """
    try:
        return model.model_validate_json(call.body)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    if problems[0]["type"] == "json_invalid":
        raise Refusal(v2_error(400, "ERROR_MALFORMED_REQUEST", "The body is not JSON."))
    names = sorted({".".join(map(str, problem["loc"])) or "body" for problem in problems})
    raise Refusal(v2_error(400, code, f"Not valid: {', '.join(names)}."))


def page[T](call: Call, rows: Sequence[T]) -> Sequence[T]:
    """The rows that `select` (1 to 1000) and `skip` ask for.

    https://developer.dotdigital.com/docs/data-handling
    """
    try:
        select = _ID.validate_python(call.query.get("select", "1000"))
        skip = _ID.validate_python(call.query.get("skip", "0"))
    except ValidationError:
        select = skip = -1
    if not 1 <= select <= 1000 or skip < 0:  # noqa: PLR2004 - the documented range
        raise Refusal(v2_error(400, "ERROR_PARAMETER_INVALID", "select or skip is not valid."))
    return rows[skip : skip + select]

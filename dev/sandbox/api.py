"""What each route is written with: its request, its response, its body, and Dotdigital's forms of error.

v2: `{"message": "... ERROR_X"}`; v3: `{"errorCode", "description", "details"}`; cpaas:
`{"message", "validationFailures"}`. See https://developer.dotdigital.com/docs/error-handling.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from dev.sandbox.account import Account
from dev.sandbox.limits import LimitExceededError, Tier
from dev.sandbox.state import State

Family = Literal["v2", "v3", "cpaas"]
Problems = Sequence[tuple[str, str]]
"""What is wrong with a body: each place and why."""
_MOST: Final = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=_MOST)]
_INTEGER: Final = TypeAdapter(int)
_MOST_ROWS: Final = 1000
_DENIED: Final = "Authorization has been denied for this request."
_CAPPED: Final = "Your account has generated excess API activity and is being temporarily capped."


@dataclass(frozen=True, slots=True)
class Response:
    """A status, a body (a JSON value, text sent as it is, or None for no body) and headers."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        """Return the bytes of the body: text as it stands, anything else as JSON."""
        if self.body is None:
            return b""
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Refusal(Exception):
    """Raised to stop and give this response instead of the usual one."""

    def __init__(self, status: int, body: object = None, headers: Mapping[str, str] | None = None) -> None:
        """Refuse with that response."""
        super().__init__(f"refused with {status}")
        self.response = Response(status, body, headers or {})


def v2_error(status: int, code: str, text: str = "Error:") -> Refusal:
    """Return an error of v2: the text, then the `ERROR_*` code at its end."""
    return Refusal(status, {"message": f"{text} {code}"})


def v3_error(status: int, code: str, description: str, details: Problems = ()) -> Refusal:
    """Return an error of v3; each of the details is an item and what is wrong with it."""
    body: dict[str, object] = {"errorCode": code, "description": description}
    if details:
        body["details"] = [{"item": item, "description": text} for item, text in details]
    return Refusal(status, body)


def bad_request(details: Problems) -> Refusal:
    """Return the 400 that v3 gives to a body of the wrong shape or with wrong values."""
    return v3_error(400, "server:badRequest", "Bad request", details)


def family(path: str) -> Family:
    """Return which of the three families of the API a path belongs to."""
    if path.startswith("/cpaas/"):
        return "cpaas"
    return "v3" if "/v3/" in path else "v2"


def denied(path: str) -> Refusal:
    """Return the 401 for credentials that are not let in. Dotdigital's SDKs expect JSON of v3 too."""
    if family(path) == "v3":
        return v3_error(401, "server:unauthorized", _DENIED)
    return Refusal(401, {"message": _DENIED})


def over_limit(path: str, error: LimitExceededError) -> Refusal:
    """Return the 429 of the tiered limits, or the 400 of the flat one."""
    if error.scheme == "flat":
        return v2_error(400, "ERROR_APIUSAGE_EXCEEDED", _CAPPED)
    return plain_error(path, 429, "Too many requests", error.headers)


def plain_error(path: str, status: int, text: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """Return an error without a documented code, in the form of the path's family."""
    if family(path) == "v3":
        return Refusal(status, {"errorCode": f"server:status{status}", "description": text}, headers)
    return Refusal(status, {"message": text}, headers)


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its number in the journal, its decoded path values, its query, its body, and what it works on."""

    state: State
    number: int
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    base_url: str

    @property
    def account(self) -> Account:
        """Return the account that the request works on."""
        return self.state.account

    def effect(self, effect: str, **details: object) -> None:
        """Write an effect of this request into the journal."""
        self.state.journal.happened(self.number, effect, details)

    def path_id(self, name: str) -> int:
        """Return a path value that has to be a positive int32; refuse with 400 otherwise."""
        value = self.params[name]
        if value.isascii() and value.isdigit() and 0 < int(value) <= _MOST:
            return int(value)
        raise v2_error(400, "ERROR_PARAMETER_INVALID", f"{name} is not an id.")

    def page[T](self, rows: Sequence[T]) -> Sequence[T]:
        """Return the rows that `select` (1 to 1000) and `skip` ask for; refuse others with 400.

        https://developer.dotdigital.com/docs/data-handling
        """
        try:
            select = _INTEGER.validate_python(self.query.get("select", "1000"))
            skip = _INTEGER.validate_python(self.query.get("skip", "0"))
        except ValidationError:
            select = skip = -1
        if not 1 <= select <= _MOST_ROWS or skip < 0:
            raise v2_error(400, "ERROR_PARAMETER_INVALID", "select or skip is not valid.")
        return rows[skip : skip + select]


@dataclass(frozen=True, slots=True)
class Route:
    """A route: its method, its path with `{names}`, what works on its requests, and how they are counted.

    `tier` is the tier of the tiered limits. Requests that are `flat_exempt` do not count to the flat hourly limit.
    """

    method: str
    path: str
    work: Callable[[Request], Response]
    tier: Tier
    flat_exempt: bool = False


class V2Body(BaseModel):
    """A body of v2: names without regard to case, no unknown names.

    That v2 ignores case follows from the spellings its own clients use; see `dev/sandbox/README.md`.
    """

    model_config = ConfigDict(alias_generator=lambda name: to_camel(name).lower(), extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _lower_case(cls, value: object) -> object:
        if isinstance(value, dict):
            return {str(key).lower(): item for key, item in value.items()}
        return value


class V3Body(BaseModel):
    """A body of v3 or a part of one: strict types, no unknown names, no null where none is told."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, alias_generator=to_camel)

    @model_validator(mode="after")
    def _no_nulls(self) -> Self:
        if nulls := [name for name in self.model_fields_set if getattr(self, name) is None]:
            raise ValueError(f"may not be null: {', '.join(map(to_camel, sorted(nulls)))}")
        return self


def v2_body[T: V2Body](request: Request, model: type[T], code: str = "ERROR_PARAMETER_INVALID") -> T:
    """Read a body of v2.

    A body that is not JSON is refused with ERROR_MALFORMED_REQUEST, another fault with `code`,
    each time with 400 and the names of the fields that are wrong.
    """
    try:
        return model.model_validate_json(request.body)
    except ValidationError as error:
        problems = problems_of(error)
    if problems[0][1].startswith("Invalid JSON"):
        raise v2_error(400, "ERROR_MALFORMED_REQUEST", "The body is not JSON.")
    raise v2_error(400, code, f"Not valid: {', '.join(sorted({place for place, _ in problems}))}.")


def v3_body[T](request: Request, model: TypeAdapter[T], refused: Callable[[Problems], Refusal] = bad_request) -> T:
    """Read a body of v3; refuse with a 400 that names each place that is wrong, as `refused` writes it."""
    try:
        return model.validate_json(request.body)
    except ValidationError as error:
        problems = problems_of(error)
    raise refused(problems)


def problems_of(error: ValidationError) -> Problems:
    """Return each place that is wrong, "body" for the whole, and why."""
    problems = error.errors(include_input=False, include_url=False)
    return [(".".join(map(str, item["loc"])) or "body", item["msg"]) for item in problems]

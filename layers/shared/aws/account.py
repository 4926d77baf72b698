"""Requests about the Dotdigital account, from a person or from Segment: its client, and responses in HTTP.

A response says what was found, or why nothing can be said and what to do.
"""

import math
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel, ValidationError

from aws.api_gateway import EnvelopeError, refusal, response, texts_of
from aws.observability import logger
from aws.secret import UNUSABLE, Secret, SecretError, SecretReader
from aws.settings import Settings
from dotdigital import (
    Account,
    CredentialsRefusedError,
    Dotdigital,
    DotdigitalError,
    LimitedError,
    Transport,
    UnavailableError,
)
from dotdigital.redaction import shown_code

_MARGIN_SECONDS: Final = 1.0
_LIMIT_SECONDS: Final = 60.0
_NO_SECRET: Final = f"{UNUSABLE}: its log says why"


class RequestError(ValueError):
    """What is requested cannot be: a field is missing or wrong. The message says what to do."""

    status = HTTPStatus.BAD_REQUEST


class UnknownError(RequestError):
    """There is nothing of that name or id."""

    status = HTTPStatus.NOT_FOUND


class ConflictError(RequestError):
    """The account has something else of that name."""

    status = HTTPStatus.CONFLICT


class AccountClient:
    """The client of the account that the secret names."""

    def __init__(self, settings: Settings, secret_reader: SecretReader) -> None:
        """Read nothing yet."""
        self._settings = settings
        self._secret_reader = secret_reader
        self._current: tuple[Account, Dotdigital] | None = None

    def within(self, seconds: float) -> Dotdigital:
        """Give the client, whose requests end in `seconds` from now. Raises SecretError."""
        account = self._secret_reader.account()
        if self._current is None or self._current[0] != account:
            self._current = account, Dotdigital(Transport(account, renew=self._secret_reader.renewed_account))
        _, dotdigital = self._current
        dotdigital.finish_within(seconds)
        return dotdigital

    def secret_now(self) -> Secret:
        """Read the secret as it is now. Raises SecretError."""
        return self._secret_reader.read_again()

    def in_region(self, secret: Secret, region: str, seconds: float) -> Dotdigital:
        """Give a client that uses the secret's credentials in another region."""
        base_url = self._settings.base_url_of(region)
        account = Account(base_url, secret.username, secret.password, secret.integration_token)
        dotdigital = Dotdigital(Transport(account))
        dotdigital.finish_within(seconds)
        return dotdigital

    def load(self) -> None:
        """Make what reads the secret, and read nothing."""
        self._secret_reader.load()

    def renew(self) -> None:
        """Read the secret anew when it is next needed, and connect anew."""
        self._secret_reader.forget()
        self._current = None


def responded(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Give the response of `work`, or the one for what it raises. What is logged of that names nobody."""
    try:
        return work()
    except EnvelopeError as error:
        logger.warning("refused", status=int(error.status), reason=str(error))
        return refusal(error)
    except RequestError as error:
        logger.warning("refused", status=int(error.status), reason=str(error))
        return response(error.status, {"message": str(error)})
    except SecretError as error:
        logger.error(str(error))
        return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": _NO_SECRET})
    except DotdigitalError as error:
        # Of what Dotdigital says the status and the code are logged, not its words, which may hold a name.
        code = error.code and shown_code(error.code)
        logger.warning("not answered", dotdigital={"status": error.status, "code": code})
        return _refused(error)


def read_body[Body: BaseModel](model: type[Body], content: Any) -> Body:
    """Read the JSON of a request's body. Raises RequestError that names every field at fault, and no value."""
    if not isinstance(content, dict):
        raise RequestError("the body must be one JSON object")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = (": ".join([*map(str, each["loc"]), each["msg"]]) for each in error.errors(include_input=False))
        raise RequestError("; ".join(problems)) from None


def request_of(event: Any) -> Mapping[str, Any]:
    """Give what a function was invoked with, if it is a request. Raises EnvelopeError."""
    if not isinstance(event, Mapping):
        raise EnvelopeError("it must be a request: an object with httpMethod, path and what goes with them")
    return event


def path_of(event: Mapping[str, Any]) -> str:
    """Give the path of a request without a slash at its end; a stage may stand in front."""
    return str(event.get("path") or event.get("rawPath") or "").rstrip("/")


def method_of(event: Mapping[str, Any]) -> str:
    """Give the method of a request, GET where it says none."""
    match event:
        case {"httpMethod": str(method)} | {"requestContext": {"http": {"method": str(method)}}}:
            return method
    return "GET"


def query_of(event: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the parameters of a request's query. Raises EnvelopeError."""
    return texts_of(event, "queryStringParameters")


def seconds_left(context: LambdaContext | None, most: float) -> float:
    """Give the seconds for requests: what is left of the function's time but a second, and at most `most`."""
    return most if context is None else min(context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS, most)


def _refused(error: DotdigitalError) -> dict[str, Any]:
    match error:
        case LimitedError():
            seconds = math.ceil(error.wait or _LIMIT_SECONDS)
            message = f"a call limit of the Dotdigital account is used up: ask again in {seconds} seconds"
            return response(HTTPStatus.TOO_MANY_REQUESTS, {"message": message}, {"Retry-After": str(seconds)})
        case CredentialsRefusedError():
            message = f"Dotdigital refuses the credentials; GET /catalog/account says more: {error}"
            return response(HTTPStatus.BAD_GATEWAY, {"message": message})
        case UnavailableError():
            message = f"Dotdigital does not answer as it should; ask again later: {error}"
            return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": message})
        case _:
            return response(HTTPStatus.BAD_GATEWAY, {"message": f"Dotdigital says no: {error}"})

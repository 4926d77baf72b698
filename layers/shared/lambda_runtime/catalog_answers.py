"""Answers questions about the account in HTTP: what was found, or why nothing can be said and what to do."""

import math
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from catalog.errors import ConflictError, QuestionError, UnknownError
from dotdigital import CredentialsRefusedError, DotdigitalError, LimitedError, UnavailableError
from dotdigital.error_codes import shown_code
from lambda_runtime.doors.signed_request import refusal, response, texts_of
from lambda_runtime.doors.work import EnvelopeError
from lambda_runtime.observability import logger
from lambda_runtime.secret import SecretError

_LIMIT_SECONDS: Final = 60.0
_NO_SECRET: Final = "the secret of this function cannot be used: its log says why"


def answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Give the answer of `work`, or the one for what it raises. What is logged of that names nobody."""
    try:
        return work()
    except EnvelopeError as error:
        logger.warning("refused", status=int(error.status), reason=str(error))
        return refusal(error)
    except QuestionError as error:
        status = _status_of(error)
        logger.warning("refused", status=int(status), reason=str(error))
        return response(status, {"message": str(error)})
    except SecretError as error:
        logger.error(str(error))
        return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": _NO_SECRET})
    except DotdigitalError as error:
        # Of what Dotdigital says the status and the code are logged, not its words, which may hold a name.
        code = error.code and shown_code(error.code)
        logger.warning("not answered", dotdigital={"status": error.status, "code": code})
        return _unanswered(error)


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


def _status_of(error: QuestionError) -> HTTPStatus:
    match error:
        case UnknownError():
            return HTTPStatus.NOT_FOUND
        case ConflictError():
            return HTTPStatus.CONFLICT
        case _:
            return HTTPStatus.BAD_REQUEST


def _unanswered(error: DotdigitalError) -> dict[str, Any]:
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

"""Turns an answer, or the lack of one, into the error that says what the caller may do.

A send (SMS, e-mail, campaign, enrolment) that left and was not answered clearly is in doubt: Dotdigital knows no
idempotency key, so only a refusal that it states is safe to repeat.
"""

import ssl
from http import HTTPStatus

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from dotdigital.error_bodies import read_error_body
from dotdigital.errors import (
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    NotFoundError,
    RejectedError,
    UnavailableError,
)
from dotdigital.limits import ALLOWANCE_WAITS, wait_of

_CREDENTIAL_CODES = {"ERROR_INVALID_LOGIN", "ERROR_APIUSER_INVALID", "ERROR_ACCOUNT_INVALID"}
_NOT_TAKEN_CODES = {"ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"}
_FEATURE_CODE = "ERROR_FEATURENOTACTIVE"


def error_of_answer(
    response: requests.Response, *, send: bool, now: float, feature: str | None = None
) -> DotdigitalError:
    """Give the error for an answer that is no success.

    `feature` says what to switch on in the account when Dotdigital says that the feature is off.
    """
    status = response.status_code
    code, description = read_error_body(response)
    if feature and (code == _FEATURE_CODE or status == HTTPStatus.FORBIDDEN):
        description = f"{description}. {feature}"
    if code == _FEATURE_CODE:
        return RejectedError(description, status=status, code=code)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or code in _CREDENTIAL_CODES:
        return CredentialsRefusedError(_credentials(status, description), status=status, code=code)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ALLOWANCE_WAITS:
        wait = wait_of(response.headers, code, now)
        return LimitedError(description, status=status, code=code, wait=wait)
    return _kind(status, code, send=send)(description, status=status, code=code)


def error_of_silence(error: requests.RequestException, *, send: bool) -> DotdigitalError:
    """Give the error for a request that got no answer. Its words leave out the address, which may name a person."""
    if _never_left(error):
        return UnavailableError("no connection to Dotdigital could be made")
    if send:
        return InDoubtError("the send left and no answer came, so it may have happened")
    return UnavailableError("Dotdigital did not answer in time")


def error_of_body(problem: str, *, send: bool, status: int | None = None) -> DotdigitalError:
    """Give the error for a success whose body is not what Dotdigital documents."""
    kind = InDoubtError if send else UnavailableError
    return kind(f"Dotdigital's answer cannot be read: {problem}", status=status)


def _kind(status: int, code: str | None, *, send: bool) -> type[DotdigitalError]:
    if code in _NOT_TAKEN_CODES or status == HTTPStatus.REQUEST_TIMEOUT or _is_redirect(status):
        return UnavailableError
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InDoubtError if send else UnavailableError
    if status == HTTPStatus.NOT_FOUND or (code or "").upper().endswith(("NOT_FOUND", "NOTFOUND")):
        return NotFoundError
    return RejectedError


def _is_redirect(status: int) -> bool:
    return status < HTTPStatus.BAD_REQUEST


def _credentials(status: int, description: str) -> str:
    hint = (
        "check that region is the account's own and that the API user may do this"
        if status == HTTPStatus.FORBIDDEN
        else "check username and password in the secret"
    )
    return f"{description}; {hint}"


def _never_left(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, SSLError):
        return isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)

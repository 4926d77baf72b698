"""Turns an answer, or the lack of one, into the error that says what the caller may do.

A send (SMS, e-mail, campaign, enrolment) that left and was not answered clearly is in doubt: Dotdigital knows no
idempotency key, so only a refusal that it states, a 4xx, is safe to repeat; ERROR_UNKNOWN states none.
"""

from http import HTTPStatus
from typing import Final

from dotdigital.account_codes import account_hint, refuses_api_user, word_of
from dotdigital.answers import Answer
from dotdigital.error_bodies import read_error_body
from dotdigital.errors import (
    AccountRefusesError,
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    NotFoundError,
    RejectedError,
    UnavailableError,
)
from dotdigital.limits import ALLOWANCE_WAITS, wait_of

_NOT_TAKEN: Final = word_of("ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE")
_NOT_ACTIVE: Final = word_of("ERROR_FEATURENOTACTIVE")
_UNKNOWN: Final = word_of("ERROR_UNKNOWN")


def error_of_answer(answer: Answer, *, send: bool, now: float, feature: str | None = None) -> DotdigitalError:
    """Give the error for an answer that is no success.

    `feature` says what to switch on in the account when Dotdigital says that the feature is off.
    """
    status = answer.status
    code, description = read_error_body(answer)
    is_off = word_of(code or "") == _NOT_ACTIVE
    if feature and (is_off or status == HTTPStatus.FORBIDDEN):
        description = f"{description}. {feature}"
    if is_off:
        return RejectedError(description, status=status, code=code)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ALLOWANCE_WAITS:
        wait = wait_of(answer.headers, code, now)
        return LimitedError(description, status=status, code=code, wait=wait)
    if hint := account_hint(status, code):
        return AccountRefusesError(f"{description}; {hint}", status=status, code=code)
    if refuses_api_user(status, code):
        return CredentialsRefusedError(_credentials(status, description), status=status, code=code)
    return _kind(answer, code, send=send)(description, status=status, code=code)


def error_of_silence(error: Exception, *, in_doubt: bool) -> DotdigitalError:
    """Give the error for a call that got no answer: `in_doubt` is a send that left.

    Of `error` only the kind is told: its words have the address, which may name a person.
    """
    if in_doubt:
        return InDoubtError(f"the send left and no answer came, so it may have happened ({type(error).__name__})")
    return UnavailableError(f"no answer came from Dotdigital ({type(error).__name__})")


def error_of_body(problem: str, *, send: bool, status: int | None = None) -> DotdigitalError:
    """Give the error for a success whose body is not what Dotdigital documents."""
    kind = InDoubtError if send else UnavailableError
    return kind(f"Dotdigital's answer cannot be read: {problem}", status=status)


def _kind(answer: Answer, code: str | None, *, send: bool) -> type[DotdigitalError]:
    status, word = answer.status, word_of(code or "")
    if word == _NOT_TAKEN:
        return UnavailableError
    if word == _UNKNOWN or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return InDoubtError if send else UnavailableError
    if status == HTTPStatus.REQUEST_TIMEOUT or answer.body is None:
        return UnavailableError
    # A 404 without a code is some server's page for an unknown path, and says nothing of a contact.
    if code and (status == HTTPStatus.NOT_FOUND or code.upper().endswith(("NOT_FOUND", "NOTFOUND"))):
        return NotFoundError
    return RejectedError


def _credentials(status: int, description: str) -> str:
    hint = (
        "check that region is the account's own and that the API user may do this"
        if status == HTTPStatus.FORBIDDEN
        else "check username and password in the secret"
    )
    return f"{description}; {hint}"

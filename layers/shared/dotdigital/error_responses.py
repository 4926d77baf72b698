"""Turns a response, or the lack of one, into the error that says what the caller may do.

A send (SMS, e-mail, campaign, enrolment) that left and got no clear response is in doubt: Dotdigital knows no
idempotency key, so only a refusal that it states, a 4xx, is safe to repeat; ERROR_UNKNOWN states none.

An error's body has one of three shapes:
- v2: `{"message": "Error: ERROR_ADDRESSBOOK_NOT_FOUND"}`; the code is the token somewhere in free text
- v3: `{"errorCode": "contacts:contactNotFound", "description": "…", "details": [{"item": "…", "description": "…"}]}`
- cpaas: `{"validationFailures": […]}`, else `{"message": "…"}`

https://developer.dotdigital.com/docs/error-handling https://developer.dotdigital.com/docs/error-response-types
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

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
from dotdigital.http_messages import JsonObject, Response
from dotdigital.limits import ALLOWANCE_WAITS, wait_of
from dotdigital.redaction import redact

_V2_CODE: Final = re.compile(r"ERROR_[A-Z0-9_]*[A-Z0-9]")
_TELLING: Final = re.compile(
    r"key|field|property(name)?|param(name)?|(error)?(code|message)|error|description|reason|failure", re.IGNORECASE
)


def _word(code: str) -> str:
    """Return a code as it is compared: v2 and v3 spell one in their own ways, ERROR_CONTACT_TOOMANY, contactTooMany."""
    return code.rpartition(":")[2].upper().removeprefix("ERROR_").replace("_", "")


_NOT_TAKEN: Final = _word("ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE")
_NOT_ACTIVE: Final = _word("ERROR_FEATURENOTACTIVE")
_UNKNOWN: Final = _word("ERROR_UNKNOWN")
_OF_API_USER: Final = frozenset(
    map(
        _word,
        (
            "ERROR_INVALID_LOGIN",
            "ERROR_APIUSER_INVALID",
            "ERROR_ACCOUNT_INVALID",
            "ERROR_MANAGED_USER_INVALID",
            "ERROR_OAUTH_TOKEN_INVALID",
            "ERROR_UNKNOWN_ACCOUNT",
            "ERROR_USERACCOUNT_UNKNOWN",
        ),
    )
)
_TOO_MANY_CONTACTS: Final = "the account has no room for so many contacts: delete some, or ask Dotdigital for more"
_HINTS: Final = {
    "ERROR_SMS_SENDNOTPERMITTED": "the account has too little credit for SMS: have it topped up",
    "ERROR_SEND_LIMITEXCEEDED": "the account has sent what it may send this month: ask Dotdigital for more",
    "ERROR_CAMPAIGN_SENDNOTPERMITTED": "check that the campaign is ready to be sent and the account fully enabled",
    "ERROR_CONTACT_TOOMANY": _TOO_MANY_CONTACTS,
    "ExceedsAllowedContactLimit": _TOO_MANY_CONTACTS,
    "ERROR_TRANSACTIONAL_DATA_STORAGE_ALLOWANCE_EXCEEDED": "the account has no room for Insight data: delete some, or "
    "ask Dotdigital for more",
    "ERROR_CANNOT_PERFORM_OPERATION_ON_ACCOUNT": "ask Dotdigital what the account lacks",
}
_HINT_OF: Final = {_word(code): hint for code, hint in _HINTS.items()}
_ACCOUNTS: Final = "accounts:"
_OF_ACCOUNTS: Final = "look at the account's limits in Dotdigital, or ask for more"
_OF_COLLECTIONS: Final = "the account has no room for a collection of Insight data: delete one, or ask for more"


def error_of_response(response: Response, *, now: float, feature: str | None = None) -> DotdigitalError:
    """Return the error for a response that is no success.

    `feature` says what to switch on in the account when Dotdigital says that the feature is off.
    """
    status = response.status
    code, description = _read_error_body(response)
    off = is_off(code)
    if feature and (off or status == HTTPStatus.FORBIDDEN):
        description = f"{description}. {feature}"
    if off:
        return RejectedError(description, status=status, code=code)
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in ALLOWANCE_WAITS:
        wait = wait_of(response.headers, code, now)
        return LimitedError(description, status=status, code=code, wait=wait)
    if hint := account_hint(status, code):
        return AccountRefusesError(f"{description}; {hint}", status=status, code=code)
    if refuses_api_user(status, code):
        return CredentialsRefusedError(f"{description}; {_what_to_check(status)}", status=status, code=code)
    return _kind(response, code)(description, status=status, code=code)


def error_of_silence(error: Exception, *, in_doubt: bool) -> DotdigitalError:
    """Return the error for a request that got no response: `in_doubt` is a send that left.

    Of `error` only the kind is told: its words have the address, which may name a person.
    """
    if in_doubt:
        return InDoubtError(f"the send left and no response came, so it may have happened ({type(error).__name__})")
    return UnavailableError(f"no response came from Dotdigital ({type(error).__name__})")


def _read_error_body(response: Response) -> tuple[str | None, str]:
    """Return the code, where there is one, and a description without personal data.

    HTML, an empty body or odd JSON give the status alone.
    """
    body = response.object()
    message = body.text("message")
    v2_code = _V2_CODE.search(message)
    code = redact(body.text("errorCode")) or (v2_code.group() if v2_code else None)
    words = [body.text("description"), message, *_details(body)]
    return code, redact("; ".join(filter(None, words))) or f"Dotdigital answered {response.status}"


def is_off(code: str | None) -> bool:
    """Tell whether a response says that the account has not switched on what the request needs."""
    return _word(code or "") == _NOT_ACTIVE


def refuses_api_user(status: int | None, code: str | None) -> bool:
    """Tell whether a response refuses the API user, or names another region (403)."""
    return status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or any(
        _word(each) in _OF_API_USER for each in _each(code)
    )


def account_hint(status: int | None, code: str | None) -> str | None:
    """Return what a person should do about the account, None where a response does not speak of it.

    What such a response refuses is good, and waits. A 412 is described for the collections of Insight data alone.
    """
    for each in _each(code):
        if hint := _HINT_OF.get(_word(each)):
            return hint
        if each.lower().startswith(_ACCOUNTS) and _word(each) not in _OF_API_USER:
            return _OF_ACCOUNTS
    return _OF_COLLECTIONS if status == HTTPStatus.PRECONDITION_FAILED else None


def _each(code: str | None) -> Iterator[str]:
    """Yield the codes: the report of an import has several for one contact."""
    return iter(code.split(", ") if code else ())


def _details(body: JsonObject) -> Iterator[str]:
    for detail in body.objects("details"):
        yield detail.text("description") or detail.text("error")
    for failure in body.list("validationFailures"):
        if isinstance(failure, str):
            yield failure
        # Their keys are not documented. What else they hold may be what was sent, a message's text for one.
        yield ": ".join(text for key, text in JsonObject(failure).texts().items() if _TELLING.fullmatch(key))


def _kind(response: Response, code: str | None) -> type[DotdigitalError]:
    status, word = response.status, _word(code or "")
    if word == _NOT_TAKEN:
        return UnavailableError
    if word == _UNKNOWN or not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return InDoubtError if response.send else UnavailableError
    if status == HTTPStatus.REQUEST_TIMEOUT or response.body is None:
        return UnavailableError
    # A 404 without a code is some server's page for an unknown path, and says nothing of a contact.
    if code and (status == HTTPStatus.NOT_FOUND or code.upper().endswith(("NOT_FOUND", "NOTFOUND"))):
        return NotFoundError
    return RejectedError


def _what_to_check(status: int) -> str:
    if status == HTTPStatus.FORBIDDEN:
        return "check that region is the account's own and that the API user may do this"
    return "check username and password in the secret"

"""An error's status and body say what the caller may do, and in words without personal data why."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital.error_responses import error_of_response
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
from dotdigital.http_messages import Response
from tests.unit.dotdigital.test_http_messages import JSON

CREDENTIALS = "; check username and password in the secret"
REGION = "; check that region is the account's own and that the API user may do this"
CREDIT = "credit for SMS: have it topped up"
SENT_ALL = "this month: ask Dotdigital for more"
NO_ROOM = "so many contacts: delete some, or ask Dotdigital for more"
NO_COLLECTION = "a collection of Insight data: delete one, or ask for more"
LIMITS = "; look at the account's limits in Dotdigital, or ask for more"
HTML = b"<html>Sorry</html>"
send_or_not = pytest.mark.parametrize("send", [False, True], ids=["read", "send"])


def error_of(
    status: int, body: bytes | None, headers: Mapping[str, str] | None = None, *, send: bool = False
) -> DotdigitalError:
    error = error_of_response(Response(status, headers or {}, body, send=send), now=1_760_000_000)
    assert error.status == status
    return error


def error_of_code(status: int, code: str | None, **more: Any) -> DotdigitalError:
    """The error of a response with that code, as v2 or as v3 writes it."""
    written = {"errorCode": code, "description": "Words"} if code and ":" in code else {"message": f"Error: {code}"}
    error = error_of(status, json.dumps(written).encode() if code else b"", **more)
    assert error.code == code
    return error


CASES: list[tuple[type[DotdigitalError], float | None, str, int, list[str | None]]] = [
    (LimitedError, 60, "", 429, [None, "contacts:tooManyActiveImports"]),
    (LimitedError, 300, "", 400, ["ERROR_APIUSAGE_EXCEEDED"]),
    (LimitedError, 300, "", 500, ["ERROR_APIUSAGE_EXCEEDED"]),
    (LimitedError, 3600, "", 400, ["ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"]),
    (LimitedError, 60, "", 400, ["ERROR_IMPORT_TOOMANYACTIVEIMPORTS", "ERROR_ADDRESSBOOK_IN_USE"]),
    (LimitedError, 60, "", 400, ["ERROR_ENROLMENT_IS_PROCESSING"]),
    (CredentialsRefusedError, None, CREDENTIALS, 401, [None]),
    (CredentialsRefusedError, None, CREDENTIALS, 400, ["accounts:invalidLogin", "ERROR_INVALID_LOGIN"]),
    (CredentialsRefusedError, None, CREDENTIALS, 400, ["ERROR_APIUSER_INVALID", "ERROR_ACCOUNT_INVALID"]),
    (CredentialsRefusedError, None, CREDENTIALS, 400, ["ERROR_MANAGED_USER_INVALID", "ERROR_OAUTH_TOKEN_INVALID"]),
    (CredentialsRefusedError, None, CREDENTIALS, 400, ["ERROR_USERACCOUNT_UNKNOWN", "ERROR_UNKNOWN_ACCOUNT"]),
    (CredentialsRefusedError, None, REGION, 403, [None, "marketingEmail:forbidden"]),
    (AccountRefusesError, None, CREDIT, 400, ["ERROR_SMS_SENDNOTPERMITTED"]),
    (AccountRefusesError, None, CREDIT, 403, ["ERROR_SMS_SENDNOTPERMITTED"]),
    (AccountRefusesError, None, SENT_ALL, 400, ["ERROR_SEND_LIMITEXCEEDED"]),
    (AccountRefusesError, None, SENT_ALL, 500, ["ERROR_SEND_LIMITEXCEEDED"]),
    (AccountRefusesError, None, "the account fully enabled", 400, ["ERROR_CAMPAIGN_SENDNOTPERMITTED"]),
    (AccountRefusesError, None, NO_ROOM, 400, ["ERROR_CONTACT_TOOMANY", "contacts:contactTooMany"]),
    (AccountRefusesError, None, NO_ROOM, 400, ["contacts:exceedsAllowedContactLimit"]),
    (AccountRefusesError, None, LIMITS, 400, ["accounts:maxAccountLimit"]),
    (AccountRefusesError, None, NO_COLLECTION, 412, [None, "insightData:limit"]),
    (RejectedError, None, "", 400, ["ERROR_PARAMETER_INVALID", "ERROR_CONTACT_SUPPRESSED", "contacts:invalidId"]),
    (RejectedError, None, "", 400, ["ERROR_FEATURENOTACTIVE"]),
    (RejectedError, None, "", 403, ["ERROR_FEATURENOTACTIVE"]),
    (RejectedError, None, "", 409, ["contacts:idAlreadyExists"]),
    (RejectedError, None, "", 413, [None]),
    (RejectedError, None, "", 422, ["ERROR_PROGRAM_NOT_ACTIVE"]),
    (NotFoundError, None, "", 404, ["contacts:contactNotFound", "ERROR_PROGRAM_NOT_FOUND", "contacts:other"]),
    (NotFoundError, None, "", 400, ["ERROR_CONTACT_NOT_FOUND", "ERROR_DATAFIELD_NOTFOUND"]),
    (UnavailableError, None, "", 503, ["ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"]),
    (UnavailableError, None, "", 400, ["ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"]),
    (UnavailableError, None, "", 408, [None]),
]


@pytest.mark.parametrize(("kind", "wait", "hint", "status", "codes"), CASES)
@send_or_not
def test_a_refusal_says_that_nothing_was_done_and_what_to_do(
    kind: type[DotdigitalError], wait: float | None, hint: str, *, status: int, codes: list[str | None], send: bool
) -> None:
    for code in codes:
        error = error_of_code(status, code, send=send)
        assert (type(error), error.wait) == (kind, wait)
        assert error.description.endswith(hint)
        error = error_of_code(status, code, headers={"X-RateLimit-Reset": "1760000007"}, send=send)
        assert error.wait == (None if wait is None else 7)


@pytest.mark.parametrize("body", [b"", HTML, b"{}", b"[]", b'{"message": "No HTTP resource was found"}'])
@send_or_not
def test_a_404_without_a_code_says_nothing_of_a_contact(body: bytes, send: bool) -> None:
    error = error_of(404, body, send=send)
    assert (type(error), error.code) == (RejectedError, None)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 500, 502, 503, 504, 599])
@send_or_not
def test_what_does_not_say_that_nothing_was_done_leaves_a_send_in_doubt(status: int, send: bool) -> None:
    kind = InDoubtError if send else UnavailableError
    error = error_of(status, HTML, {"Retry-After": "1"}, send=send)
    assert (type(error), error.code, error.description) == (kind, None, f"Dotdigital answered {status}")
    for status_of_code in (400, 500):
        for code in ("ERROR_UNKNOWN", "server:unknown"):
            assert type(error_of_code(status_of_code, code, send=send)) is kind


STATUS = (None, "Dotdigital answered 400")
BAD = {"errorCode": "server:badRequest", "description": "Bad request"}


def read(body: Any) -> tuple[str | None, str]:
    """The code and the description of a 400 with this JSON, or with these bytes."""
    error = error_of(400, body if isinstance(body, bytes) else json.dumps(body).encode())
    return error.code, error.description


V2: dict[str, str | None] = {
    "Error: ERROR_ADDRESSBOOK_NOT_FOUND": "ERROR_ADDRESSBOOK_NOT_FOUND",
    "Address book cannot be written to. ERROR_ADDRESSBOOK_NOTWRITABLE": "ERROR_ADDRESSBOOK_NOTWRITABLE",
    "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED ": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED",
    "(ERROR_PARAMETER_INVALID).": "ERROR_PARAMETER_INVALID",
    "ERROR_V2_CODE_7_": "ERROR_V2_CODE_7",
    "Authorization has been denied for this request.": None,
    "error_lower_case": None,
    "ERROR_": None,
}
DETAILS: list[tuple[Any, str]] = [
    (None, "Bad request"),
    ([{"item": "line 1", "description": "Invalid type"}], "Bad request; Invalid type"),
    ([{"item": "line 1", "error": "Invalid type"}], "Bad request; Invalid type"),
    ([{"item": "a"}, {"description": "b"}, {"error": "c"}, "d", None, 5], "Bad request; b; c"),
    ({"description": "b"}, "Bad request"),
]
FAILURES: list[tuple[Any, str]] = [
    (["to is required", "body is too long"], "Invalid; to is required; body is too long"),
    ([{"key": "to.phoneNumber", "failure": "is bad"}], "Invalid; to.phoneNumber: is bad"),
    ([{"paramName": "to", "message": "is bad"}], "Invalid; to: is bad"),
    ([{"propertyName": "Body", "errorMessage": "is bad", "attemptedValue": "Dear Jane"}], "Invalid; Body: is bad"),
    ([{"value": "Dear Jane", "firstName": "Jane"}], "Invalid"),
    ([{"message": ["Dear Jane"]}, None, 5, ["x"]], "Invalid"),
    ({"message": "x"}, "Invalid"),
    (None, "Invalid"),
]
UNREADABLE: list[Any] = [b"", HTML, b'{"message": "ERROR_X', b"\xff\xfe\x00", b"[" * 100_000]
OTHERS: list[Any] = [None, [], [{"message": "ERROR_X"}], "ERROR_X", 5, {}, {"message": 5, "errorCode": 5}]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        *(({"message": message}, (code, message.strip())) for message, code in V2.items()),
        (b'\xef\xbb\xbf{"message": "Error: ERROR_X"}', ("ERROR_X", "Error: ERROR_X")),
        *((BAD | {"details": details}, ("server:badRequest", description)) for details, description in DETAILS),
        (BAD | {"description": None}, ("server:badRequest", STATUS[1])),
        *(({"message": "Invalid", "validationFailures": each}, (None, description)) for each, description in FAILURES),
        *((body, STATUS) for body in (*UNREADABLE, *OTHERS)),
    ],
)
def test_a_body_has_its_code_and_description_where_v2_v3_or_cpaas_put_them(body: Any, expected: Any) -> None:
    assert read(body) == expected


def test_a_body_that_broke_off_gives_the_status_alone() -> None:
    broken = error_of(400, None)
    assert (type(broken), broken.code, broken.description) == (UnavailableError, *STATUS)


@given(
    st.dictionaries(
        st.sampled_from(["message", "errorCode", "description", "details", "validationFailures"]),
        JSON | st.just("jane@example.com +44 7700 900123"),
    )
)
def test_any_body_gives_words_without_personal_data(body: dict[str, Any]) -> None:
    code, description = read(body)
    assert description
    assert "jane" not in f"{code} {description}"
    assert "900123" not in f"{code} {description}"

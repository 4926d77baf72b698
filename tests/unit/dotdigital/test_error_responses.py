"""An error's status and body say what the caller may do, and in words without personal data why."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital import (
    AccountRefusesError,
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    NotFoundError,
    RejectedError,
    UnavailableError,
)
from dotdigital.error_responses import error_of_response
from dotdigital.http_messages import Response
from tests.unit.dotdigital.test_http_messages import json_values

CREDENTIALS = "check username and password in the secret"
REGION = "check that region is the account's own and that the API user may do this"
HTML = b"<html>Sorry</html>"
send_or_not = pytest.mark.parametrize("send", [False, True], ids=["read", "send"])


def body_of(code: str | None) -> bytes:
    """The body of an error with a code, as v2 or as v3 writes it."""
    if code and ":" in code:
        return json.dumps({"errorCode": code, "description": "Words"}).encode()
    return json.dumps({"message": f"Error: {code}"}).encode() if code else b""


def error_of(
    status: int, body: bytes | None, headers: Mapping[str, str] | None = None, *, send: bool = False
) -> DotdigitalError:
    error = error_of_response(Response(status, headers or {}, body, send=send), now=1_760_000_000)
    assert error.status == status
    return error


@pytest.mark.parametrize(
    ("status", "code", "wait"),
    [
        (429, None, 60),
        (429, "contacts:tooManyActiveImports", 60),
        (400, "ERROR_APIUSAGE_EXCEEDED", 300),
        (500, "ERROR_APIUSAGE_EXCEEDED", 300),
        (400, "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", 3600),
        (400, "ERROR_IMPORT_TOOMANYACTIVEIMPORTS", 60),
        (400, "ERROR_ADDRESSBOOK_IN_USE", 60),
        (400, "ERROR_ENROLMENT_IS_PROCESSING", 60),
    ],
)
@send_or_not
def test_a_limit_says_how_long_to_wait(status: int, code: str | None, wait: float, send: bool) -> None:
    error = error_of(status, body_of(code), send=send)
    assert (type(error), error.code, error.wait) == (LimitedError, code, wait)
    error = error_of(status, body_of(code), {"X-RateLimit-Reset": "1760000007"}, send=send)
    assert (type(error), error.code, error.wait) == (LimitedError, code, 7)


@pytest.mark.parametrize(
    ("status", "code", "what_to_check"),
    [
        (401, None, CREDENTIALS),
        (400, "accounts:invalidLogin", CREDENTIALS),
        (400, "ERROR_INVALID_LOGIN", CREDENTIALS),
        (400, "ERROR_APIUSER_INVALID", CREDENTIALS),
        (400, "ERROR_ACCOUNT_INVALID", CREDENTIALS),
        (400, "ERROR_MANAGED_USER_INVALID", CREDENTIALS),
        (400, "ERROR_OAUTH_TOKEN_INVALID", CREDENTIALS),
        (400, "ERROR_USERACCOUNT_UNKNOWN", CREDENTIALS),
        (400, "ERROR_UNKNOWN_ACCOUNT", CREDENTIALS),
        (403, None, REGION),
        (403, "marketingEmail:forbidden", REGION),
    ],
)
@send_or_not
def test_a_refusal_of_the_api_user_says_what_to_check(
    status: int, code: str | None, what_to_check: str, send: bool
) -> None:
    error = error_of(status, body_of(code), send=send)
    assert (type(error), error.code, error.wait) == (CredentialsRefusedError, code, None)
    assert error.description.endswith(f"; {what_to_check}")


@pytest.mark.parametrize(
    ("status", "code", "hint"),
    [
        (400, "ERROR_SMS_SENDNOTPERMITTED", "credit for SMS: have it topped up"),
        (403, "ERROR_SMS_SENDNOTPERMITTED", "credit for SMS: have it topped up"),
        (400, "ERROR_SEND_LIMITEXCEEDED", "this month: ask Dotdigital for more"),
        (500, "ERROR_SEND_LIMITEXCEEDED", "this month: ask Dotdigital for more"),
        (400, "ERROR_CAMPAIGN_SENDNOTPERMITTED", "the account fully enabled"),
        (400, "ERROR_CONTACT_TOOMANY", "so many contacts: delete some, or ask Dotdigital for more"),
        (400, "contacts:contactTooMany", "so many contacts: delete some, or ask Dotdigital for more"),
        (400, "contacts:exceedsAllowedContactLimit", "so many contacts: delete some, or ask Dotdigital for more"),
        (400, "accounts:maxAccountLimit", "look at the account's limits in Dotdigital, or ask for more"),
        (412, None, "a collection of Insight data: delete one, or ask for more"),
        (412, "insightData:limit", "a collection of Insight data: delete one, or ask for more"),
    ],
)
@send_or_not
def test_what_the_account_lacks_waits_and_says_what_to_do(status: int, code: str | None, hint: str, send: bool) -> None:
    error = error_of(status, body_of(code), send=send)
    assert (type(error), error.code, error.wait) == (AccountRefusesError, code, None)
    assert error.description.endswith(hint)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "ERROR_PARAMETER_INVALID", RejectedError),
        (400, "ERROR_CONTACT_SUPPRESSED", RejectedError),
        (400, "ERROR_FEATURENOTACTIVE", RejectedError),
        (403, "ERROR_FEATURENOTACTIVE", RejectedError),
        (400, "contacts:invalidId", RejectedError),
        (409, "contacts:idAlreadyExists", RejectedError),
        (422, "ERROR_PROGRAM_NOT_ACTIVE", RejectedError),
        (413, None, RejectedError),
        (404, "contacts:contactNotFound", NotFoundError),
        (404, "ERROR_PROGRAM_NOT_FOUND", NotFoundError),
        (404, "contacts:other", NotFoundError),
        (400, "ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "ERROR_DATAFIELD_NOTFOUND", NotFoundError),
        (503, "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE", UnavailableError),
        (400, "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE", UnavailableError),
        (408, None, UnavailableError),
    ],
)
@send_or_not
def test_a_4xx_says_that_nothing_was_done(
    status: int, code: str | None, kind: type[DotdigitalError], send: bool
) -> None:
    error = error_of(status, body_of(code), send=send)
    assert (type(error), error.code, error.wait) == (kind, code, None)


@pytest.mark.parametrize("body", [b"", HTML, b"{}", b"[]", b'{"message": "No HTTP resource was found"}'])
@send_or_not
def test_a_404_without_a_code_says_nothing_of_a_contact(body: bytes, send: bool) -> None:
    error = error_of(404, body, send=send)
    assert (type(error), error.code) == (RejectedError, None)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *((status, None) for status in (300, 301, 302, 303, 304, 307, 308, 500, 502, 503, 504, 599)),
        *((status, code) for status in (400, 500) for code in ("ERROR_UNKNOWN", "server:unknown")),
    ],
)
@send_or_not
def test_what_does_not_say_that_nothing_was_done_leaves_a_send_in_doubt(
    status: int, code: str | None, send: bool
) -> None:
    error = error_of(status, body_of(code) or HTML, {"Retry-After": "1"}, send=send)
    assert (type(error), error.code) == (InDoubtError if send else UnavailableError, code)
    assert code or error.description == f"Dotdigital answered {status}"


STATUS = "Dotdigital answered 400"


def read(body: Any) -> tuple[str | None, str]:
    """The code and the description of a 400 with this JSON."""
    error = error_of(400, json.dumps(body).encode())
    return error.code, error.description


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Error: ERROR_ADDRESSBOOK_NOT_FOUND", "ERROR_ADDRESSBOOK_NOT_FOUND"),
        ("Address book cannot be written to. ERROR_ADDRESSBOOK_NOTWRITABLE", "ERROR_ADDRESSBOOK_NOTWRITABLE"),
        ("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED ", "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"),
        ("(ERROR_PARAMETER_INVALID).", "ERROR_PARAMETER_INVALID"),
        ("ERROR_V2_CODE_7_", "ERROR_V2_CODE_7"),
        ("Authorization has been denied for this request.", None),
        ("error_lower_case", None),
        ("ERROR_", None),
    ],
)
def test_v2_has_its_code_somewhere_in_the_message(message: str, code: str | None) -> None:
    assert read({"message": message}) == (code, message.strip())


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({}, "Bad request"),
        ({"description": None}, STATUS),
        ({"details": None}, "Bad request"),
        ({"details": [{"item": "line 1", "description": "Invalid type"}]}, "Bad request; Invalid type"),
        ({"details": [{"item": "line 1", "error": "Invalid type"}]}, "Bad request; Invalid type"),
        ({"details": [{"item": "a"}, {"description": "b"}, {"error": "c"}, "d", None, 5]}, "Bad request; b; c"),
        ({"details": {"description": "b"}}, "Bad request"),
    ],
)
def test_v3_has_code_description_and_details_but_no_item(change: dict[str, Any], description: str) -> None:
    body = {"errorCode": "server:badRequest", "description": "Bad request", **change}
    assert read(body) == ("server:badRequest", description)


@pytest.mark.parametrize(
    ("failures", "description"),
    [
        (["to is required", "body is too long"], "Invalid; to is required; body is too long"),
        ([{"key": "to.phoneNumber", "failure": "is bad"}], "Invalid; to.phoneNumber: is bad"),
        ([{"paramName": "to", "message": "is bad"}], "Invalid; to: is bad"),
        ([{"propertyName": "Body", "errorMessage": "is bad", "attemptedValue": "Dear Jane"}], "Invalid; Body: is bad"),
        ([{"value": "Dear Jane", "firstName": "Jane"}], "Invalid"),
        ([{"message": ["Dear Jane"]}, None, 5, ["x"]], "Invalid"),
        ({"message": "x"}, "Invalid"),
        (None, "Invalid"),
    ],
)
def test_cpaas_has_validation_failures_without_what_was_sent(failures: Any, description: str) -> None:
    assert read({"message": "Invalid", "validationFailures": failures}) == (None, description)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><h1>Bad gateway</h1></html>", b'{"message": "ERROR_X', b"\xff\xfe\x00", b"[" * 100_000, None],
)
def test_what_is_not_json_gives_the_status_alone(content: bytes | None) -> None:
    error = error_of(400, content)
    assert (error.code, error.description) == (None, STATUS)


@pytest.mark.parametrize("body", [None, [], [{"message": "ERROR_X"}], "ERROR_X", 5, {}, {"message": 5, "errorCode": 5}])
def test_another_shape_gives_the_status_alone(body: Any) -> None:
    assert read(body) == (None, STATUS)


def test_a_body_with_a_byte_order_mark_is_read() -> None:
    assert error_of(400, b'\xef\xbb\xbf{"message": "Error: ERROR_X"}').code == "ERROR_X"


@given(
    st.dictionaries(
        st.sampled_from(["message", "errorCode", "description", "details", "validationFailures"]),
        json_values | st.just("jane@example.com +44 7700 900123"),
    )
)
def test_any_body_gives_words_without_personal_data(body: dict[str, Any]) -> None:
    code, description = read(body)
    assert description
    assert "jane" not in f"{code} {description}"
    assert "900123" not in f"{code} {description}"

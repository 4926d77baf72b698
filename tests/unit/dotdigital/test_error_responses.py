"""An error's status and body say what the caller may do, and in words without personal data why."""

import json
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
from dotdigital.error_responses import read_error_body
from dotdigital.http_messages import Request, Response
from tests.support.dotdigital_server import Clock, DotdigitalServer
from tests.unit.dotdigital.test_http_messages import json_values

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={}, send=True)
KEY_WORDS = "check username and password in the secret"
REGION_WORDS = "check that region is the account's own and that the API user may do this"


def v2(code: str) -> dict[str, str]:
    return {"message": f"Error: {code}"}


def v3(code: str) -> dict[str, str]:
    return {"errorCode": code, "description": "Words"}


def error_of(server: DotdigitalServer, req: Request, status: int, body: Any, **answer: Any) -> DotdigitalError:
    server.answers(status, body, **answer)
    with pytest.raises(DotdigitalError) as caught:
        server.transport(now=Clock(1_760_000_000)).request(req).json()
    assert len(server.sent) == 1
    return caught.value


both = pytest.mark.parametrize("req", [READ, SEND], ids=["read", "send"])
kinds = pytest.mark.parametrize(("req", "kind"), [(READ, UnavailableError), (SEND, InDoubtError)], ids=["read", "send"])


@pytest.mark.parametrize(
    ("status", "body", "headers", "expected"),
    [
        (429, None, {}, (None, 60)),
        (429, None, {"x-ratelimit-reset": "30"}, (None, 30)),
        (429, v3("contacts:tooManyActiveImports"), {}, ("contacts:tooManyActiveImports", 60)),
        (400, v2("ERROR_APIUSAGE_EXCEEDED"), {}, ("ERROR_APIUSAGE_EXCEEDED", 300)),
        (400, v2("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"), {}, ("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", 3600)),
        (400, v2("ERROR_IMPORT_TOOMANYACTIVEIMPORTS"), {}, ("ERROR_IMPORT_TOOMANYACTIVEIMPORTS", 60)),
        (400, v2("ERROR_ADDRESSBOOK_IN_USE"), {}, ("ERROR_ADDRESSBOOK_IN_USE", 60)),
        (400, v2("ERROR_ENROLMENT_IS_PROCESSING"), {}, ("ERROR_ENROLMENT_IS_PROCESSING", 60)),
        (500, v2("ERROR_APIUSAGE_EXCEEDED"), {}, ("ERROR_APIUSAGE_EXCEEDED", 300)),
    ],
)
@both
def test_a_limit_says_how_long_to_wait(
    server: DotdigitalServer,
    req: Request,
    *,
    status: int,
    body: Any,
    headers: dict[str, str],
    expected: tuple[str, float],
) -> None:
    error = error_of(server, req, status, body, headers=headers)
    assert (type(error), error.status, error.code, error.wait) == (LimitedError, status, *expected)


@pytest.mark.parametrize(
    ("status", "body", "code", "words"),
    [
        (401, None, None, f"Dotdigital answered 401; {KEY_WORDS}"),
        (401, {"message": "Authorization has been denied."}, None, f"Authorization has been denied.; {KEY_WORDS}"),
        (400, v2("ERROR_INVALID_LOGIN"), "ERROR_INVALID_LOGIN", f"Error: ERROR_INVALID_LOGIN; {KEY_WORDS}"),
        (400, v2("ERROR_APIUSER_INVALID"), "ERROR_APIUSER_INVALID", f"Error: ERROR_APIUSER_INVALID; {KEY_WORDS}"),
        (400, v2("ERROR_ACCOUNT_INVALID"), "ERROR_ACCOUNT_INVALID", f"Error: ERROR_ACCOUNT_INVALID; {KEY_WORDS}"),
        *(
            (400, v2(code), code, f"Error: {code}; {KEY_WORDS}")
            for code in (
                "ERROR_MANAGED_USER_INVALID",
                "ERROR_OAUTH_TOKEN_INVALID",
                "ERROR_USERACCOUNT_UNKNOWN",
                "ERROR_UNKNOWN_ACCOUNT",
            )
        ),
        (400, v3("accounts:invalidLogin"), "accounts:invalidLogin", f"Words; {KEY_WORDS}"),
        (403, {"message": "Forbidden"}, None, f"Forbidden; {REGION_WORDS}"),
        (403, v3("marketingEmail:forbidden"), "marketingEmail:forbidden", f"Words; {REGION_WORDS}"),
    ],
)
@both
def test_a_refusal_of_the_api_user_says_what_to_check(
    server: DotdigitalServer, req: Request, *, status: int, body: Any, code: str | None, words: str
) -> None:
    error = error_of(server, req, status, body)
    assert (type(error), error.status, error.code, error.wait) == (CredentialsRefusedError, status, code, None)
    assert error.description == words


@pytest.mark.parametrize(
    ("status", "body", "code", "hint"),
    [
        (400, v2("ERROR_SMS_SENDNOTPERMITTED"), "ERROR_SMS_SENDNOTPERMITTED", "credit for SMS: have it topped up"),
        (400, v2("ERROR_SEND_LIMITEXCEEDED"), "ERROR_SEND_LIMITEXCEEDED", "this month: ask Dotdigital for more"),
        (400, v2("ERROR_CAMPAIGN_SENDNOTPERMITTED"), "ERROR_CAMPAIGN_SENDNOTPERMITTED", "the account fully enabled"),
        (
            400,
            v2("ERROR_CONTACT_TOOMANY"),
            "ERROR_CONTACT_TOOMANY",
            "contacts: delete some, or ask Dotdigital for more",
        ),
        (400, v3("contacts:contactTooMany"), "contacts:contactTooMany", "delete some, or ask Dotdigital for more"),
        (400, v3("exceedsAllowedContactLimit"), "exceedsAllowedContactLimit", "or ask Dotdigital for more"),
        (
            400,
            v3("accounts:maxAccountLimit"),
            "accounts:maxAccountLimit",
            "in Dotdigital, or ask for more",
        ),
        (403, v2("ERROR_SMS_SENDNOTPERMITTED"), "ERROR_SMS_SENDNOTPERMITTED", "have it topped up"),
        (412, None, None, "a collection of Insight data: delete one, or ask for more"),
        (
            412,
            v3("insightData:limit"),
            "insightData:limit",
            "a collection of Insight data: delete one, or ask for more",
        ),
        (500, v2("ERROR_SEND_LIMITEXCEEDED"), "ERROR_SEND_LIMITEXCEEDED", "ask Dotdigital for more"),
    ],
)
@both
def test_what_the_account_lacks_waits_and_says_what_to_do(
    server: DotdigitalServer, req: Request, *, status: int, body: Any, code: str | None, hint: str
) -> None:
    error = error_of(server, req, status, body)
    assert (type(error), error.status, error.code, error.wait) == (AccountRefusesError, status, code, None)
    assert error.description.endswith(hint)


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("body", [v2("ERROR_UNKNOWN"), v3("server:unknown")])
@kinds
def test_what_dotdigital_does_not_know_is_no_refusal(
    server: DotdigitalServer, req: Request, kind: type[DotdigitalError], body: Any, status: int
) -> None:
    assert type(error_of(server, req, status, body)) is kind


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, v2("ERROR_PARAMETER_INVALID"), RejectedError, "ERROR_PARAMETER_INVALID"),
        (400, v2("ERROR_CONTACT_SUPPRESSED"), RejectedError, "ERROR_CONTACT_SUPPRESSED"),
        (400, v2("ERROR_FEATURENOTACTIVE"), RejectedError, "ERROR_FEATURENOTACTIVE"),
        (403, v2("ERROR_FEATURENOTACTIVE"), RejectedError, "ERROR_FEATURENOTACTIVE"),
        (400, v3("contacts:invalidId"), RejectedError, "contacts:invalidId"),
        (409, v3("contacts:idAlreadyExists"), RejectedError, "contacts:idAlreadyExists"),
        (422, v2("ERROR_PROGRAM_NOT_ACTIVE"), RejectedError, "ERROR_PROGRAM_NOT_ACTIVE"),
        (413, None, RejectedError, None),
        (400, [], RejectedError, None),
        (404, v3("contacts:contactNotFound"), NotFoundError, "contacts:contactNotFound"),
        (404, v2("ERROR_PROGRAM_NOT_FOUND"), NotFoundError, "ERROR_PROGRAM_NOT_FOUND"),
        (404, v3("contacts:other"), NotFoundError, "contacts:other"),
        (400, v2("ERROR_CONTACT_NOT_FOUND"), NotFoundError, "ERROR_CONTACT_NOT_FOUND"),
        (400, v2("ERROR_DATAFIELD_NOTFOUND"), NotFoundError, "ERROR_DATAFIELD_NOTFOUND"),
    ],
)
@both
def test_a_4xx_is_a_no_for_good(
    server: DotdigitalServer, req: Request, *, status: int, body: Any, kind: type[DotdigitalError], code: str | None
) -> None:
    error = error_of(server, req, status, body)
    assert (type(error), error.status, error.code, error.wait) == (kind, status, code, None)


@pytest.mark.parametrize("raw", [b"", b"<html>Not found</html>", b"{}", b'{"message": "No HTTP resource was found"}'])
@both
def test_a_404_without_a_code_says_nothing_of_a_contact(server: DotdigitalServer, req: Request, raw: bytes) -> None:
    error = error_of(server, req, 404, None, raw=raw)
    assert (type(error), error.status, error.code) == (RejectedError, 404, None)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 500, 502, 503, 504, 599])
@kinds
def test_what_is_no_4xx_does_not_say_that_nothing_was_done(
    server: DotdigitalServer, req: Request, kind: type[DotdigitalError], status: int
) -> None:
    error = error_of(server, req, status, None, raw=b"<html>Sorry</html>", headers={"Retry-After": "1"})
    assert (type(error), error.status, error.code) == (kind, status, None)
    assert error.description == f"Dotdigital answered {status}"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (503, v2("ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"), "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"),
        (400, v2("ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"), "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"),
        (408, None, None),
    ],
)
@both
def test_what_was_not_taken_can_be_tried_again(
    server: DotdigitalServer, req: Request, status: int, body: Any, code: str | None
) -> None:
    error = error_of(server, req, status, body)
    assert (type(error), error.status, error.code) == (UnavailableError, status, code)


@pytest.mark.parametrize("raw", [b"<html>OK</html>", b"{", b"\xff", b"[" * 100_000, b"OK", b" "])
@pytest.mark.parametrize("status", [200, 201, 202])
@kinds
def test_a_success_that_cannot_be_read(
    server: DotdigitalServer, req: Request, kind: type[DotdigitalError], status: int, raw: bytes
) -> None:
    error = error_of(server, req, status, None, raw=raw)
    assert (type(error), error.status, error.code) == (kind, status, None)
    assert error.description == "Dotdigital's response cannot be read: it is not JSON"


STATUS = "Dotdigital answered 400"


def read(body: Any) -> tuple[str | None, str]:
    return read_error_body(Response(400, {}, json.dumps(body).encode()))


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
    assert read_error_body(Response(400, {}, content)) == (None, STATUS)


@pytest.mark.parametrize("body", [None, [], [{"message": "ERROR_X"}], "ERROR_X", 5, {}, {"message": 5, "errorCode": 5}])
def test_another_shape_gives_the_status_alone(body: Any) -> None:
    assert read(body) == (None, STATUS)


def test_a_body_with_a_byte_order_mark_is_read() -> None:
    content = b"\xef\xbb\xbf" + b'{"message": "Error: ERROR_X"}'
    assert read_error_body(Response(400, {}, content)) == ("ERROR_X", "Error: ERROR_X")


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

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital.error_responses import read_error_body
from dotdigital.http_messages import Response
from tests.unit.dotdigital.test_ids import json_values

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

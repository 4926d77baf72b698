import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dotdigital import InDoubtError, RejectedError, UnavailableError
from dotdigital.http_messages import Response, positive

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def response(body: Any, *, send: bool = False) -> Response:
    return Response(200, {}, json.dumps(body).encode(), send=send)


@given(st.integers(min_value=1))
def test_a_whole_number_above_0_is_an_id(number: int) -> None:
    assert positive(number, "list") == number
    assert response({"contactId": number}).with_id("contactId")[0] == number


@given(json_values.filter(lambda value: isinstance(value, bool) or not isinstance(value, int) or value < 1))
@example(0)
@example(True)
def test_nothing_else_is(value: Any) -> None:
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        positive(value, "list")
    with pytest.raises(UnavailableError, match="it has no contactId"):
        response({"contactId": value}).with_id("contactId")


@given(json_values.filter(lambda value: not isinstance(value, str) or not value.strip()))
def test_the_id_of_a_send_is_text(value: Any) -> None:
    assert response({"id": "8a7b"}, send=True).text("id") == "8a7b"
    with pytest.raises(InDoubtError, match="it has no id"):
        response({"id": value}, send=True).text("id")


@given(json_values)
def test_a_response_of_any_shape_has_the_id_or_an_error(body: Any) -> None:
    with pytest.raises(UnavailableError):
        response(body).with_id("no such key")

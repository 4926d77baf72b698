"""Paths and ids go out as nothing else than they are; a response is read as what it is, or not at all."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dotdigital import DotdigitalError, Identifier, InDoubtError, RejectedError, UnavailableError
from dotdigital.contacts import Contacts
from dotdigital.http_messages import Response, path, positive
from tests.support.dotdigital_server import transport_to
from tests.support.wire_server import WireServer, json_response

TEXTS = st.text(min_size=1, max_size=256) | st.text(alphabet="./#?%\\;@+&= 2eEfF", min_size=1, max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("v2", "email"), "/v2/email"),
        (("v2", "address-books", 7, "contacts", 42), "/v2/address-books/7/contacts/42"),
        (("a/b", "c#d", "e?f", "g%h"), "/a%2Fb/c%23d/e%3Ff/g%25h"),
        (("a+b c@d;e&f=g,h:i",), "/a%2Bb%20c%40d%3Be%26f%3Dg%2Ch%3Ai"),
        (("%2e%2e", "%2F", "...", "..a", ".a."), "/%252e%252e/%252F/.../..a/.a."),
        (("é", "日本", "\x00", "\r\n"), "/%C3%A9/%E6%97%A5%E6%9C%AC/%00/%0D%0A"),
        (("x" * 256,), "/" + "x" * 256),
    ],
)
def test_a_part_is_encoded_whole(parts: tuple[str | int, ...], expected: str) -> None:
    assert path(*parts) == expected


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (["", ".", "..", "x" * 257, "é" * 257], "an identifier must have 1 to 256 characters and name one contact"),
        (["\ud800", "a\udfff@example.com"], "an identifier must be text that UTF-8 can hold"),
    ],
)
def test_a_part_that_no_path_carries_is_refused(parts: list[str], problem: str) -> None:
    for part in parts:
        with pytest.raises(RejectedError) as caught:
            path("contacts", part)
        assert str(caught.value) == problem


@pytest.fixture(scope="module")
def endless() -> Iterator[WireServer]:
    with WireServer(always=json_response('{"contactId": 42}')) as server:
        yield server


@given(TEXTS)
@example(".")
@example("..")
@example("%2e")
@example("%2E%2e")
@example("../../v2/campaigns/send")
@example("..%2f")
@example("a/../b@example.com")
@example("a?merge-option=overwrite-if-empty")
@example("a\\..\\b")
@example("\u2025")
@example("x@example.com/")
def test_any_text_reaches_the_server_as_the_one_segment_that_it_is(endless: WireServer, text: str) -> None:
    endless.received.clear()
    try:
        Contacts(transport_to(endless.url)).get(Identifier("email", text))
    except RejectedError:
        assert text in (".", "..") or any("\ud800" <= character <= "\udfff" for character in text)
        assert endless.received == []
        return
    (request,) = endless.received
    method, target, version = request.line.split(" ")
    assert (method, version) == ("GET", "HTTP/1.1")
    assert [unquote(segment) for segment in target.split("/")] == ["", "contacts", "v3", "email", text]


def response(body: Any, *, send: bool = False) -> Response:
    return Response(200, {}, json.dumps(body).encode(), send=send)


@given(st.integers(min_value=1))
def test_a_whole_number_above_0_is_an_id(number: int) -> None:
    assert positive(number, "list") == number
    assert response({"contactId": number}).with_id("contactId")[0] == number


@given(JSON.filter(lambda value: isinstance(value, bool) or not isinstance(value, int) or value < 1))
@example(0)
@example(True)
def test_nothing_else_is(value: Any) -> None:
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        positive(value, "list")
    with pytest.raises(UnavailableError, match="it has no contactId"):
        response({"contactId": value}).with_id("contactId")
    with pytest.raises(UnavailableError, match="it has no such key"):
        response(value).with_id("such key")


@given(JSON.filter(lambda value: not isinstance(value, str) or not value.strip()))
def test_the_id_of_a_send_is_text(value: Any) -> None:
    assert response({"id": "8a7b"}, send=True).text("id") == "8a7b"
    with pytest.raises(InDoubtError, match="it has no id"):
        response({"id": value}, send=True).text("id")


@pytest.mark.parametrize("body", [None, b"<html>OK</html>", b"{", b"\xff", b"[" * 100_000, b"OK", b" "])
@pytest.mark.parametrize(("send", "kind"), [(False, UnavailableError), (True, InDoubtError)])
def test_a_success_that_cannot_be_read_leaves_a_send_in_doubt(
    body: bytes | None, send: bool, kind: type[DotdigitalError]
) -> None:
    unreadable = Response(202, {}, body, send=send)
    with pytest.raises(DotdigitalError, match="Dotdigital's response cannot be read: it ") as caught:
        unreadable.json()
    assert (type(caught.value), caught.value.status, caught.value.code) == (kind, 202, None)
    assert unreadable.object().texts() == {}

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dotdigital import Account, Identifier, RejectedError, Transport
from dotdigital.contacts import Contacts
from dotdigital.http_messages import path
from tests.support.wire_server import WireServer, json_answer

texts = st.text(min_size=1, max_size=256) | st.text(alphabet="./#?%\\;@+&= 2eEfF", min_size=1, max_size=20)


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


@pytest.mark.parametrize("part", ["", ".", "..", "x" * 257])
def test_a_part_that_no_path_carries_is_refused(part: str) -> None:
    with pytest.raises(RejectedError) as caught:
        path("contacts", part)
    assert str(caught.value) == "an identifier must have 1 to 256 characters and name one contact"


@pytest.mark.parametrize("part", ["\ud800", "a\udfff@example.com"])
def test_half_a_character_is_refused(part: str) -> None:
    with pytest.raises(RejectedError) as caught:
        path("contacts", part)
    assert str(caught.value) == "an identifier must be text that UTF-8 can hold"


@pytest.fixture(scope="module")
def endless() -> Iterator[WireServer]:
    with WireServer(always=json_answer('{"contactId": 42}')) as server:
        yield server


@given(texts)
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
    contacts = Contacts(Transport(Account(endless.url, "apiuser", "password")))
    endless.received.clear()
    try:
        contacts.get(Identifier("email", text))
    except RejectedError:
        assert text in (".", "..") or any("\ud800" <= character <= "\udfff" for character in text)
        assert endless.received == []
        return
    (request,) = endless.received
    method, target, version = request.line.split(" ")
    assert (method, version) == ("GET", "HTTP/1.1")
    assert [unquote(segment) for segment in target.split("/")] == ["", "contacts", "v3", "email", text]

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_events import verify_signature
from tests.support.segment import signature

SECRET = "local-shared-secret"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.text(), JSON)
SPACES = st.text(alphabet=" \t\r\n", max_size=3)


def as_javascript(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


@given(OBJECTS)
def test_a_single_event_is_signed_whole(event: dict[str, Any]) -> None:
    body = as_javascript(event)
    assert verify_signature(body, signature(body, SECRET), SECRET)


@given(st.lists(OBJECTS, min_size=1, max_size=4), SPACES, SPACES, SPACES)
def test_a_batch_is_signed_by_its_first_element_as_it_stands(
    events: list[dict[str, Any]], before: str, inside: str, after: str
) -> None:
    elements = [as_javascript(event) for event in events]
    body = f"{before}[{inside}".encode() + f"{after},".encode().join(elements) + f"{after}]".encode()
    assert verify_signature(body, signature(elements[0], SECRET), SECRET)
    assert not verify_signature(body, signature(body, SECRET), SECRET)


@pytest.mark.parametrize(
    "first",
    [
        '{"1":"a","0":"b"}',
        '{"n":9007199254740993000,"e":1e21,"s":1e-7,"z":-0}',
        '{"t":"é\u2028\\ud800","u":"\\u00e9"}',
        '{ "spaced" : [ 1 , 2 ] }',
        '{"a":1,"a":2}',
    ],
)
def test_what_python_would_write_otherwise_is_taken_as_it_came(first: str) -> None:
    body = f'[{first},{{"messageId":"2"}}]'.encode()
    assert verify_signature(body, signature(first.encode(), SECRET), SECRET)


def test_an_element_of_the_extensible_webhook_is_signed_inside_its_wrapping() -> None:
    inside = b'{"messageId":"1"}'
    body = b'[{"json":' + inside + b'},{"json":{"messageId":"2"}}]'
    assert verify_signature(body, signature(inside, SECRET), SECRET)


@given(OBJECTS, st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_refused(event: dict[str, Any], place: int, difference: int) -> None:
    body = as_javascript(event)
    signed = signature(body, SECRET)
    changed = bytearray(body)
    changed[place % len(body)] ^= difference
    assert not verify_signature(bytes(changed), signed, SECRET)


@given(st.binary(), st.text())
def test_anything_else_is_refused_and_never_raises(body: bytes, given_signature: str) -> None:
    assert not verify_signature(body, given_signature, SECRET)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[]", b"[", b'["unended', b"\xff["])
def test_odd_bodies_are_verified_as_they_stand(body: bytes) -> None:
    assert not verify_signature(body, "0" * 40, SECRET)
    assert verify_signature(body, signature(body, SECRET), SECRET)


def test_no_signature_is_refused() -> None:
    assert not verify_signature(b"{}", None, SECRET)


def test_any_of_the_secrets_will_do() -> None:
    assert verify_signature(b"{}", signature(b"{}", "old"), "new", "old")
    assert not verify_signature(b"{}", signature(b"{}", "older"), "new", "old")


@pytest.mark.parametrize("secrets", [(), ("",), ("good", "")])
def test_an_empty_secret_is_a_mistake_and_not_a_key(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="must not be empty"):
        verify_signature(b"{}", signature(b"{}", ""), *secrets)

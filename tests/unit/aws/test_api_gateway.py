"""Who signed a request, and its JSON within bounds; tests/functions has what else a request may lack."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws.api_gateway import EnvelopeError, SignedRequests, is_webhook_secret, read_json
from aws.secret import Secret, SecretReader
from aws.settings import Settings
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.dotdigital_server import Clock
from tests.support.segment import rest_event, signature, track, written

SIGNED = rest_event(track())


@pytest.fixture
def requests(aws: Aws, clock: Clock) -> SignedRequests:
    aws.put_secret(SECRET)
    return SignedRequests("/actions/send-sms", SecretReader(Settings.from_environment(ENVIRONMENT), clock))


def status_of(requests: SignedRequests, event: dict[str, Any]) -> int:
    try:
        assert requests.read(event) == track()
    except EnvelopeError as error:
        return error.status
    return 200


@pytest.mark.parametrize(
    "headers", [None, {"X-Signature": SIGNED["headers"]["X-Signature"].upper()}, {"X-Signature": "sïgnature"}]
)
def test_a_signature_that_is_missing_or_wrong_is_401(requests: SignedRequests, headers: dict[str, str] | None) -> None:
    assert status_of(requests, SIGNED | {"headers": headers}) == 401


@pytest.mark.parametrize("path", ["/", "/actions/send-sms/more"])
def test_another_route_is_404(requests: SignedRequests, path: str) -> None:
    assert status_of(requests, SIGNED | {"path": path}) == 404


def test_a_shared_secret_that_was_changed_meanwhile_is_read_again(
    aws: Aws, requests: SignedRequests, clock: Clock
) -> None:
    statuses = [status_of(requests, SIGNED)]
    aws.put_secret(SECRET | {"sharedSecret": "new"})
    newly_signed = SIGNED | {"headers": {"X-Signature": signature(written(track()), "new")}}
    for seconds in (9.9, 0.1):
        clock.seconds += seconds
        statuses.append(status_of(requests, newly_signed))
    assert statuses == [200, 401, 200]


@pytest.mark.parametrize(("given", "status"), [({}, 401), ({"X-Webhook-Secret": "wrong"}, 401), (None, 401)])
def test_the_webhook_secret_must_come_beside_the_signature(
    aws: Aws, requests: SignedRequests, given: dict[str, str] | None, status: int
) -> None:
    aws.put_secret(SECRET | {"webhookSecret": "covers-all"})
    headers = {"X-Webhook-Secret": "covers-all"} if given is None else SIGNED["headers"] | given
    assert status_of(requests, SIGNED | {"headers": headers}) == status
    assert status_of(requests, SIGNED | {"headers": SIGNED["headers"] | {"X-Webhook-Secret": "covers-all"}}) == 200


@pytest.mark.parametrize(
    ("webhook_secret", "given", "expected"),
    [
        ("long and random", "long and random", True),
        ("long and random", "long and randon", False),
        ("long and random", "\ud800", False),
        ("long and random", None, False),
        ("", "", False),
        (None, "", False),
        (None, None, False),
    ],
)
def test_a_webhook_secret_is_the_one_of_the_secret(
    webhook_secret: str | None, given: str | None, expected: bool
) -> None:
    secret = Secret.model_validate(SECRET | {"webhookSecret": webhook_secret})
    assert is_webhook_secret(secret, given) is expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


@given(JSON, st.binary())
def test_any_json_is_read_and_any_bytes_are_read_or_refused(content: object, body: bytes) -> None:
    assert read_json(json.dumps(content).encode()) == content
    with suppress(EnvelopeError):
        read_json(body)


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    ("bodies", "status", "problem"),
    [
        ([b"", b"{", b"type=track", b'{"a":NaN}', b'{"a":Infinity}', b"\xff\xfe{}"], 400, "is not JSON"),
        ([nested(101), nested(5000), nested(200_000)], 400, "nested"),
        ([b'"' + b"a" * (6 * 1024 * 1024 - 1) + b'"'], 413, "over 6 MB"),
    ],
)
def test_what_is_not_json_within_bounds_is_refused(bodies: list[bytes], status: int, problem: str) -> None:
    for body in bodies:
        with pytest.raises(EnvelopeError, match=problem) as caught:
            read_json(body)
        assert caught.value.status == status


@pytest.mark.parametrize(
    ("body", "length"),
    [
        (nested(100), 1),
        (b"[" + nested(5_000) + b"," + nested(1) + b"]", 2),
        (b"[" + b",".join([b"{}"] * 500) + b"]", 500),
        (b'"' + b"a" * (6 * 1024 * 1024 - 2) + b'"', 6 * 1024 * 1024 - 2),
    ],
)
def test_what_is_deep_in_a_batch_or_just_within_the_bounds_is_read(body: bytes, length: int) -> None:
    assert len(read_json(body)) == length


@pytest.mark.parametrize(("digits", "number"), [("9" * 5_000, float("inf")), ("-1" + "0" * 5_000, float("-inf"))])
def test_a_whole_number_too_long_to_read_is_infinite_and_no_other_is_changed(digits: str, number: float) -> None:
    others = {"b": 12345678901234567890, "c": 301}
    assert read_json(json.dumps(others).replace("{", f'{{"a": {digits}, ').encode()) == {"a": number} | others

"""What a function cannot read is refused with what is expected, and nothing is requested of Dotdigital.

That no exception leaves a function, whatever it is invoked with, tests/faults/test_every_source.py shows.
"""

from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws
from tests.support.functions import invoke, load_handler, request
from tests.support.queued import body, dead_letters, queue_event
from tests.support.segment import own_event, rest_event, signature, track, written

ROUTES = {
    "send_sms": "/actions/send-sms",
    "segment_webhook": "/segment",
    "catalog": "/catalog/lists",
    "audiences": "/audiences",
}
EXPECTED = {
    "send_sms": "it must be one JSON object: a Segment event, {event, mapping, subscribe} or {payload}",
    "segment_webhook": "not a Segment event: it is not an object",
}
NO_EVENT = "not a Segment event: type is required; messageId is required"
A_REQUEST = "it must be a request: an object with httpMethod, path and what goes with them"
EVENT = body()["event"]
EACH_FUNCTION = pytest.mark.parametrize("function", ROUTES)
EACH_OF_EVENTS = pytest.mark.parametrize("function", EXPECTED)


@pytest.fixture(autouse=True)
def queues(aws: Aws) -> None:
    aws.make_queues("segment_webhook", "eventbridge", "send_sms")


@pytest.fixture
def unsigned(environment: None, aws: Aws) -> None:
    """Without a shared secret, a request is read however it is signed."""
    aws.put_secret(SECRET | {"sharedSecret": ""})


@pytest.mark.parametrize("event", [None, [], 7, "text", True, [track()]])
@EACH_FUNCTION
def test_what_is_no_object_is_refused_with_what_is_expected(function: str, event: Any) -> None:
    if function in EXPECTED:
        outcome = invoke(function, event)
        assert (outcome["outcome"], outcome["action"], outcome["reason"]) == ("rejected", function, EXPECTED[function])
    else:
        assert request(function, event) == (400, {"message": A_REQUEST})


@pytest.mark.parametrize(
    ("difference", "message"),
    [
        *(
            ({"headers": headers}, "headers must be an object whose values are text")
            for headers in (["X-Signature"], "X", *({"X-Signature": value} for value in (7, ["a"], None)))
        ),
        ({"body": {}}, "the body must be text that holds JSON"),
        ({"body": 7}, "the body must be text that holds JSON"),
        ({"body": [], "isBase64Encoded": True}, "the body must be text that holds JSON"),
        ({"body": '"\ud83d"'}, "the body must be text; it holds halves of characters"),
        ({"body": "\ud83d", "isBase64Encoded": True}, "the body is not base64"),
    ],
)
@pytest.mark.parametrize("function", ["send_sms", "segment_webhook", "audiences"])
@pytest.mark.usefixtures("unsigned")
def test_a_request_with_a_part_of_the_wrong_type_is_400_with_what_is_expected(
    function: str, difference: dict[str, Any], message: str
) -> None:
    assert request(function, rest_event(track(), ROUTES[function]) | difference) == (400, {"message": message})


def test_a_query_of_the_wrong_type_is_400() -> None:
    asked = rest_event(track(), "/catalog/lists") | {"httpMethod": "GET", "queryStringParameters": ["format"]}
    message = "queryStringParameters must be an object whose values are text"
    assert request("catalog", asked) == (400, {"message": message})


@pytest.mark.parametrize("text", ["\ud800", "é", ""])
def test_a_signature_of_any_text_is_wrong_and_breaks_nothing(text: str) -> None:
    event = rest_event(track(), "/segment", headers={"X-Signature": text})
    assert request("segment_webhook", event)[0] == 401


RECORD = queue_event(body())["Records"][0]


@pytest.mark.parametrize(
    "records",
    [
        [None],
        ["text"],
        [{}],
        [{"eventSource": "aws:sqs"}],
        [RECORD, {"eventSource": "aws:sqs"}],
        [RECORD | {"body": None}],
        [RECORD | {"body": "\ud800"}],
        [RECORD | {"messageId": 7}],
        [RECORD | {"attributes": []}],
        *([RECORD | {"attributes": RECORD["attributes"] | {"SentTimestamp": at}}] for at in ("soon", "9" * 5000)),
    ],
)
@EACH_OF_EVENTS
def test_records_that_are_none_are_refused(function: str, records: list[Any]) -> None:
    outcome = invoke(function, {"Records": records})
    assert (outcome["outcome"], outcome["reason"]) == ("rejected", NO_EVENT)


NO_SIGNATURE = "the header X-Signature is missing: the Shared Secret in Segment must be the secret's sharedSecret"


@EACH_OF_EVENTS
def test_what_is_nested_too_deep_is_refused(aws: Aws, function: str) -> None:
    nested: dict[str, Any] = {}
    for _ in range(5000):
        nested = {"deeper": nested}
    for event in (track(deep=nested), {"event": track(), "mapping": nested}, own_event({"event": track(deep=nested)})):
        outcome = invoke(function, event)
        assert (outcome["outcome"], outcome["reason"]) == ("rejected", "it is nested deeper than 100")
    assert dead_letters(aws, "segment_webhook") == []


@pytest.mark.parametrize(
    ("event", "status", "content"),
    [
        (rest_event(EVENT, headers={}), 401, {"message": NO_SIGNATURE}),
        (
            rest_event([EVENT], headers={"X-Signature": signature(written(EVENT))}),
            400,
            {"message": "send one event a request here, and batches to /segment"},
        ),
        (
            rest_event({"type": "track"}),
            400,
            {"message": "not a Segment event: messageId is required", "fields": {"messageId": "is required"}},
        ),
        (rest_event(EVENT, "/actions/send-pigeon"), 404, {"message": "this function answers /actions/send-sms only"}),
        (rest_event(b'"' + b"a" * 6 * 1024 * 1024 + b'"'), 413, {"message": "the body is over 6 MB"}),
    ],
)
def test_a_request_that_cannot_be_read(
    sandbox: Sandbox, event: dict[str, Any], status: int, content: dict[str, Any]
) -> None:
    assert request("send_sms", event) == (status, content)
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (own_event({"event": EVENT}, "send_email_campaign"), "the detail-type must be send_sms"),
        ({"nothing": "known"}, NO_EVENT),
        ({"event": EVENT, "subscribe": "event ="}, "the mapping or the trigger cannot be tried"),
    ],
)
def test_an_event_that_cannot_be_read(sandbox: Sandbox, event: dict[str, Any], reason: str) -> None:
    outcome = invoke("send_sms", event)
    assert (outcome["outcome"], outcome["subscription"], outcome["reason"]) == ("rejected", "", reason)
    assert sandbox.requests == ()


def test_whoever_tries_a_trigger_is_told_what_is_wrong_with_it() -> None:
    outcome = invoke("send_sms", {"event": EVENT, "subscribe": "event ="})
    problem = "subscribe: column 8: expected a value (a text in quotes, a number, true, false or null), found the end"
    assert outcome["fields"] == {"subscription": f"{problem} of the trigger"}


def test_a_context_is_not_needed(sandbox: Sandbox) -> None:
    assert load_handler("send_sms")(EVENT, None)["outcome"] == "delivered"
    assert len(sandbox.journal) == 1

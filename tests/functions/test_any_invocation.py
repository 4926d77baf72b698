"""Whatever a function is invoked with, no exception leaves it, and it says what is expected."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws
from tests.support.functions import Context, load_handler, outcome_of
from tests.support.queued import body, dead_letters, queue_event
from tests.support.segment import own_event, rest_event, track

pytestmark = pytest.mark.usefixtures("environment", "queues")

FUNCTIONS = ("send_sms", "segment_webhook", "catalog", "audiences")
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
A_REQUEST = "it must be a request: an object with httpMethod, path and what goes with them"
TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)
FORMS: list[dict[str, Any]] = [
    track(),
    own_event({"event": track()}),
    own_event({"payload": {"to": "+447700900123", "message": "Hello"}}),
    {"payload": {"to": "+447700900123", "message": "Hello"}},
    {"event": track(), "mapping": {"to": {"@path": "$.userId"}}, "subscribe": "type != null"},
    queue_event(body()),
    queue_event(body())["Records"][0],
    *(rest_event(track(), route) for route in ROUTES.values()),
    {"version": "2.0", "rawPath": "/segment", "requestContext": {"http": {"method": "POST"}}, "body": "{}"},
]
KEYS = sorted({key for form in FORMS for key in form} | {"queryStringParameters"})


@st.composite
def disfigured(draw: st.DrawFn) -> dict[str, Any]:
    """An invocation of some form, with any JSON in the place of some of its parts."""
    form: dict[str, Any] = draw(st.sampled_from(FORMS))
    return form | draw(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=3))


@pytest.fixture
def queues(aws: Aws, sandbox: Sandbox) -> None:
    # Without a shared secret, a request is read however it is signed.
    aws.put_secret(SECRET | {"username": sandbox.username, "password": sandbox.password, "sharedSecret": ""})
    aws.make_queues("segment_webhook", "eventbridge", "send_sms")


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_exception_leaves_a_function_and_its_answer_is_json(function: str, data: st.DataObject) -> None:
    answer = load_handler(function)(data.draw(JSON | disfigured()), Context())
    assert isinstance(json.loads(json.dumps(answer)), dict)
    assert answer.get("statusCode", 200) < 500


@pytest.mark.parametrize("event", [None, [], 7, "text", True, [track()]])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_no_object_is_refused_with_what_is_expected(function: str, event: Any) -> None:
    answer = load_handler(function)(event, Context())
    if function in EXPECTED:
        assert (answer["outcome"], answer["action"], answer["reason"]) == ("rejected", function, EXPECTED[function])
    else:
        assert (answer["statusCode"], outcome_of(answer)) == (400, {"message": A_REQUEST})


@pytest.mark.parametrize(
    ("difference", "message"),
    [
        ({"headers": ["X-Signature"]}, "headers must be an object whose values are text"),
        ({"headers": "X-Signature"}, "headers must be an object whose values are text"),
        ({"headers": {"X-Signature": 7}}, "headers must be an object whose values are text"),
        ({"headers": {"X-Signature": ["a"]}}, "headers must be an object whose values are text"),
        ({"headers": {"X-Signature": None}}, "headers must be an object whose values are text"),
        ({"body": {}}, "the body must be text that holds JSON"),
        ({"body": 7}, "the body must be text that holds JSON"),
        ({"body": [], "isBase64Encoded": True}, "the body must be text that holds JSON"),
        ({"body": '"\ud83d"'}, "the body must be text; it holds halves of characters"),
        ({"body": "\ud83d", "isBase64Encoded": True}, "the body is not base64"),
    ],
)
@pytest.mark.parametrize("function", ["send_sms", "segment_webhook", "audiences"])
def test_a_request_with_a_part_of_the_wrong_type_is_400_with_what_is_expected(
    function: str, difference: dict[str, Any], message: str
) -> None:
    answer = load_handler(function)(rest_event(track(), ROUTES[function]) | difference, Context())
    assert (answer["statusCode"], outcome_of(answer)) == (400, {"message": message})


def test_a_query_of_the_wrong_type_is_400() -> None:
    asked = rest_event(track(), "/catalog/lists") | {"httpMethod": "GET", "queryStringParameters": ["format"]}
    answer = load_handler("catalog")(asked, Context())
    message = "queryStringParameters must be an object whose values are text"
    assert (answer["statusCode"], outcome_of(answer)) == (400, {"message": message})


@pytest.mark.parametrize("signature", ["\ud800", "é", ""])
def test_a_signature_of_any_text_is_wrong_and_breaks_nothing(aws: Aws, signature: str) -> None:
    aws.put_secret(SECRET)
    event = rest_event(track(), "/segment", headers={"X-Signature": signature})
    assert load_handler("segment_webhook")(event, Context())["statusCode"] == 401


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
        [RECORD | {"attributes": {"SentTimestamp": "soon", "ApproximateReceiveCount": "1"}}],
        [RECORD | {"attributes": {"SentTimestamp": "9" * 5000, "ApproximateReceiveCount": "1"}}],
    ],
)
@pytest.mark.parametrize("function", ["send_sms", "segment_webhook"])
def test_records_that_are_none_are_refused(function: str, records: list[Any]) -> None:
    answer = load_handler(function)({"Records": records}, Context())
    expected = ("rejected", "not a Segment event: type is required; messageId is required")
    assert (answer["outcome"], answer["reason"]) == expected


@pytest.mark.parametrize("function", ["send_sms", "segment_webhook"])
def test_what_is_nested_too_deep_is_refused(aws: Aws, function: str) -> None:
    nested: dict[str, Any] = {}
    for _ in range(5000):
        nested = {"deeper": nested}
    for event in (track(deep=nested), {"event": track(), "mapping": nested}, own_event({"event": track(deep=nested)})):
        answer = load_handler(function)(event, Context())
        assert (answer["outcome"], answer["reason"]) == ("rejected", "it is nested deeper than 100")
    assert dead_letters(aws, "segment_webhook") == []

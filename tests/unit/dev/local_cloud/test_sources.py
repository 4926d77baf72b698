import json
import time
from typing import Any

import boto3
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from dev.local_cloud.deployment import Stack
from dev.local_cloud.sources import SOURCES, logged_outcomes, outcome_of, summary

DELIVERED = {"outcome": "delivered"}


def test_the_http_request_is_what_api_gateway_made_its_event_of(stack: Stack, httpserver: HTTPServer) -> None:
    got: list[tuple[bytes, dict[str, str]]] = []

    def answer(request: Request) -> Response:
        got.append((request.data, dict(request.headers)))
        return Response(json.dumps(DELIVERED), content_type="application/json")

    route = "/_aws/execute-api/a1b2c3d4/local/actions/send-sms"
    httpserver.expect_request(route, method="POST").respond_with_handler(answer)
    headers = {"Content-Type": "application/json", "X-Signature": "ab12", "Host": "example.com", "X-Forwarded-For": "1"}
    event = {"httpMethod": "POST", "path": "/actions/send-sms", "headers": headers, "body": '{"a":"é"}'}

    assert SOURCES["api_gateway"](stack, "send_sms", event) == "delivered"
    body, sent = got[0]
    assert body == '{"a":"é"}'.encode()
    assert sent["X-Signature"] == "ab12"
    assert sent["Host"] == stack.endpoint.removeprefix("http://")
    assert "X-Forwarded-For" not in sent


def test_a_direct_invoke_is_answered_with_the_outcome(stack: Stack, httpserver: HTTPServer) -> None:
    event: dict[str, Any] = {"payload": {"to": "+447911123456"}}
    route = "/2015-03-31/functions/local-send_sms/invocations"
    httpserver.expect_oneshot_request(route, method="POST", json=event).respond_with_json(DELIVERED)
    assert SOURCES["direct"](stack, "send_sms", event) == "delivered"


class _Aws:
    """Answers calls of AWS's JSON protocol and keeps what was asked. A line of the log says each event delivered."""

    def __init__(self, httpserver: HTTPServer, *correlation_ids: str) -> None:
        lines = [{"message": "outcome", "correlation_id": one, "outcome": "delivered"} for one in correlation_ids]
        self._answers = {
            "PutEvents": {"FailedEntryCount": 0, "Entries": [{"EventId": "bus-id"}]},
            "FilterLogEvents": {"events": [{"message": json.dumps(line)} for line in lines]},
            "GetQueueUrl": {"QueueUrl": httpserver.url_for("/queue")},
            "SendMessage": {"MessageId": "1"},
        }
        self.asked: list[tuple[str, Any]] = []
        httpserver.expect_request("/", method="POST").respond_with_handler(self._answer)
        httpserver.expect_request("/queue", method="POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        operation = request.headers["X-Amz-Target"].rpartition(".")[2]
        self.asked.append((operation, json.loads(request.data)))
        return Response(json.dumps(self._answers[operation]), content_type="application/x-amz-json-1.1")


def test_an_event_of_our_own_bus_is_put_there_and_its_outcome_read_from_the_log(
    stack: Stack, httpserver: HTTPServer
) -> None:
    aws = _Aws(httpserver, "bus-id")
    event = {"source": "com.shop", "detail-type": "send_sms", "detail": {"payload": {"to": "+447911123456"}}}
    assert SOURCES["eventbridge"](stack, "send_sms", event) == "delivered"
    entry = {"Source": "com.shop", "DetailType": "send_sms", "Detail": '{"payload": {"to": "+447911123456"}}'}
    assert aws.asked == [
        ("PutEvents", {"Entries": [entry]}),
        ("FilterLogEvents", {"logGroupName": "/aws/lambda/local-send_sms"}),
    ]


def test_an_event_of_segments_is_put_with_the_source_that_the_local_stack_knows(
    stack: Stack, httpserver: HTTPServer
) -> None:
    aws = _Aws(httpserver, "segment-id")
    event = {"source": "aws.partner/segment.com/8Kg", "detail-type": "track", "detail": {"messageId": "segment-id"}}
    assert SOURCES["eventbridge"](stack, "send_sms", event) == "delivered"
    entry = {"Source": "local.partner/segment.com/8Kg", "DetailType": "track", "Detail": '{"messageId": "segment-id"}'}
    assert aws.asked[0] == ("PutEvents", {"Entries": [entry]})


def test_the_envelope_of_each_record_is_put_on_the_bus(stack: Stack, httpserver: HTTPServer) -> None:
    aws = _Aws(httpserver, "bus-id", "segment-id")
    envelopes = [
        {"source": "com.shop", "detail-type": "send_sms", "detail": {"payload": {"to": "+447911123456"}}},
        {"source": "aws.partner/segment.com/8Kg", "detail-type": "track", "detail": {"messageId": "segment-id"}},
    ]
    event = {"Records": [{"body": json.dumps(envelope)} for envelope in envelopes]}
    assert SOURCES["eventbridge"](stack, "segment_webhook", event) == "2 delivered"
    entries = [asked["Entries"][0] for operation, asked in aws.asked if operation == "PutEvents"]
    assert [entry["Source"] for entry in entries] == ["com.shop", "local.partner/segment.com/8Kg"]


def test_the_body_of_each_record_is_put_into_the_functions_queue(stack: Stack, httpserver: HTTPServer) -> None:
    aws = _Aws(httpserver, "one", "two")
    bodies: list[dict[str, Any]] = [{"subscription": "Send SMS", "event": {"messageId": "one"}}, {"messageId": "two"}]
    event = {"Records": [{"body": json.dumps(body)} for body in bodies]}
    assert SOURCES["sqs"](stack, "segment_webhook", event) == "2 delivered"
    sent = [asked["MessageBody"] for operation, asked in aws.asked if operation == "SendMessage"]
    assert [json.loads(body) for body in sent] == bodies
    assert ("GetQueueUrl", {"QueueName": "local-segment_webhook"}) in aws.asked


def test_what_became_of_a_batch_is_what_was_queued_as_logged_and_the_rest_as_answered(
    stack: Stack, httpserver: HTTPServer
) -> None:
    answer = {"events": 3, "queued": {"send_sms": 1}, "skipped": 1, "rejected": 1}
    httpserver.expect_request("/_aws/execute-api/a1b2c3d4/local/segment").respond_with_json(answer)
    aws = _Aws(httpserver, "one")
    events = [{"messageId": name} for name in ("one", "two", "three")]
    event = {"httpMethod": "POST", "path": "/segment", "headers": {}, "body": json.dumps(events)}
    assert SOURCES["api_gateway"](stack, "segment_webhook", event) == "1 delivered, 1 rejected, 1 skipped"
    assert aws.asked == [("FilterLogEvents", {"logGroupName": "/aws/lambda/local-send_sms"})]


def test_an_answer_that_is_not_json_is_no_outcome(stack: Stack, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/_aws/execute-api/a1b2c3d4/local/actions/send-sms").respond_with_data("Bad gateway", 502)
    event = {"httpMethod": "POST", "path": "/actions/send-sms", "headers": {}, "body": "{}"}
    assert SOURCES["api_gateway"](stack, "send_sms", event) == 'no outcome: "502 Bad gateway"'


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"outcome": "delivered", "action": "send_sms"}, "delivered"),
        ({"message": "Forbidden"}, 'no outcome: {"message": "Forbidden"}'),
        (None, "no outcome: null"),
    ],
)
def test_the_outcome_is_what_an_answer_names(answer: object, outcome: str) -> None:
    assert outcome_of(answer) == outcome


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        (["delivered"], "delivered"),
        (["skipped", "delivered", "delivered"], "2 delivered, 1 skipped"),
        ([], "none"),
    ],
)
def test_several_outcomes_are_their_numbers(outcomes: list[str], text: str) -> None:
    assert summary(outcomes) == text


def _log(function: str, *messages: str) -> None:
    group = f"/aws/lambda/{function}"
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=group, logStreamName="one", logEvents=[{"timestamp": now, "message": each} for each in messages]
    )


def _line(correlation_id: str, outcome: str, message: str = "outcome") -> str:
    return json.dumps({"message": message, "correlation_id": correlation_id, "outcome": outcome})


@pytest.mark.usefixtures("aws")
def test_the_logged_outcomes_are_those_of_the_events_and_of_no_other_line() -> None:
    _log(
        "local-send_sms",
        "START RequestId: 1",
        _line("another", "rejected"),
        _line("mine", "retry", message="sms parts"),
        _line("mine", "delivered"),
    )
    _log("local-enrol_contact", _line("mine too", "in_doubt"))
    functions = ["local-send_sms", "local-enrol_contact"]
    assert logged_outcomes(functions, ["mine", "mine too"], 2) == ["delivered", "in_doubt"]


@pytest.mark.usefixtures("aws")
def test_an_outcome_that_no_line_tells_is_given_up() -> None:
    _log("local-send_sms", _line("mine", "delivered"))
    found = logged_outcomes(["local-send_sms"], ["mine", "another"], 2, wait_seconds=0.3)
    assert found == ["delivered", "no outcome"]

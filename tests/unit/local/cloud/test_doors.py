import json
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from local.cloud.deployment import Stack
from local.cloud.doors import DOORS

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

    assert DOORS["api_gateway"](stack, "send_sms", event) == "delivered"
    body, sent = got[0]
    assert body == '{"a":"é"}'.encode()
    assert sent["X-Signature"] == "ab12"
    assert sent["Host"] == stack.endpoint.removeprefix("http://")
    assert "X-Forwarded-For" not in sent


def test_a_direct_invoke_is_answered_with_the_outcome(stack: Stack, httpserver: HTTPServer) -> None:
    event: dict[str, Any] = {"payload": {"to": "+447911123456"}}
    route = "/2015-03-31/functions/local-send_sms/invocations"
    httpserver.expect_oneshot_request(route, method="POST", json=event).respond_with_json(DELIVERED)
    assert DOORS["direct"](stack, "send_sms", event) == "delivered"


def test_an_event_of_our_own_bus_is_put_there_and_its_outcome_read_from_the_log(
    stack: Stack, httpserver: HTTPServer
) -> None:
    line = {"message": "outcome", "correlation_id": "bus-id", "outcome": "delivered"}
    answers = {
        "AWSEvents.PutEvents": {"FailedEntryCount": 0, "Entries": [{"EventId": "bus-id"}]},
        "Logs_20140328.FilterLogEvents": {"events": [{"message": json.dumps(line)}]},
    }
    got: list[tuple[str, Any]] = []

    def answer(request: Request) -> Response:
        target = request.headers["X-Amz-Target"]
        got.append((target, json.loads(request.data)))
        return Response(json.dumps(answers[target]), content_type="application/x-amz-json-1.1")

    httpserver.expect_request("/", method="POST").respond_with_handler(answer)
    event = {"source": "com.shop", "detail-type": "send_sms", "detail": {"payload": {"to": "+447911123456"}}}

    assert DOORS["eventbridge"](stack, "send_sms", event) == "delivered"
    entry = {"Source": "com.shop", "DetailType": "send_sms", "Detail": '{"payload": {"to": "+447911123456"}}'}
    assert got == [
        ("AWSEvents.PutEvents", {"Entries": [entry]}),
        ("Logs_20140328.FilterLogEvents", {"logGroupName": "/aws/lambda/local-send_sms"}),
    ]


def test_an_answer_that_is_not_json_is_no_outcome(stack: Stack, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/_aws/execute-api/a1b2c3d4/local/actions/send-sms").respond_with_data("Bad gateway", 502)
    event = {"httpMethod": "POST", "path": "/actions/send-sms", "headers": {}, "body": "{}"}
    assert DOORS["api_gateway"](stack, "send_sms", event) == 'no outcome: "502 Bad gateway"'

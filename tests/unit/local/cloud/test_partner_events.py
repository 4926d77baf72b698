import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from local.cloud.partner_events import put_partner_event

EVENT = {"id": "bus-id", "source": "aws.partner/segment.com/abc", "detail": {}}
RULES = {
    "segment": {"pattern": '{"source": [{"prefix": "aws.partner/segment.com/"}]}', "target": "send_sms"},
    "own": {"pattern": '{"detail-type": ["send_sms"]}', "target": "enrol_contact"},
}


def _events_api(request: Request) -> Response:
    asked: Any = json.loads(request.data)
    answers = {
        "ListRules": lambda: {"Rules": [{"Name": name, "EventPattern": r["pattern"]} for name, r in RULES.items()]},
        "TestEventPattern": lambda: {"Result": asked["EventPattern"] == RULES["segment"]["pattern"]},
        "ListTargetsByRule": lambda: {"Targets": [{"Id": "1", "Arn": RULES[asked["Rule"]]["target"]}]},
    }
    content = answers[request.headers["X-Amz-Target"].removeprefix("AWSEvents.")]()
    return Response(json.dumps(content), content_type="application/x-amz-json-1.1")


@pytest.mark.usefixtures("stack")
def test_the_targets_of_matching_rules_alone_are_invoked_without_waiting(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", method="POST").respond_with_handler(_events_api)
    invocations = "/2015-03-31/functions/send_sms/invocations"
    asynchronous = {"X-Amz-Invocation-Type": "Event"}
    httpserver.expect_oneshot_request(invocations, json=EVENT, headers=asynchronous).respond_with_data("", 202)
    assert put_partner_event(EVENT) == "bus-id"
    httpserver.check()

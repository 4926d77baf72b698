import json
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer

from local.cloud.deployment import Stack
from local.cloud.journal import Journal
from local.cloud.replay import Result, Row, replay

EVENT = {"type": "track", "event": "Send SMS"}
SEND = {"method": "POST", "raw_path": "/v2/sms-messages/send-to/447911123456"}
READ = {"method": "GET", "raw_path": "/v2/data-fields"}


def _events(folder: Path, door: str, content: Any, expected: dict[str, Any]) -> Path:
    (folder / "send_sms").mkdir()
    (folder / f"send_sms/{door}.json").write_text(json.dumps(content))
    (folder / "expectations.json").write_text(json.dumps({f"send_sms/{door}": expected}))
    return folder


def _journal(httpserver: HTTPServer, *got: list[dict[str, str]]) -> Journal:
    """Return the journal of a sandbox that got one list of requests after the other."""
    since = 0
    for new in got:
        asked = httpserver.expect_oneshot_request("/_sandbox/requests", query_string={"since": str(since)})
        asked.respond_with_json(new)
        since += len(new)
    return Journal(httpserver.url_for("/").rstrip("/"))


def test_an_event_is_sent_and_compared_with_what_is_expected(
    stack: Stack, httpserver: HTTPServer, tmp_path: Path
) -> None:
    expected = {"outcome": "delivered", "requests": ["POST /v2/sms-messages/send-to/447911123456"]}
    events = _events(tmp_path, "direct", {"event": EVENT, "mapping": {}}, expected)
    journal = _journal(httpserver, [SEND], [READ, SEND])
    invocations = "/2015-03-31/functions/local-send_sms/invocations"
    httpserver.expect_request(invocations).respond_with_json({"outcome": "delivered"})

    (row,) = replay(stack, journal, events)

    result = Result("delivered", ("POST /v2/sms-messages/send-to/447911123456",))
    assert row == Row("Send SMS", "send_sms", "direct", result, result)
    assert row.is_as_expected


def test_a_request_that_was_not_expected_is_not_as_expected(
    stack: Stack, httpserver: HTTPServer, tmp_path: Path
) -> None:
    content = {"httpMethod": "POST", "path": "/actions/send-sms", "headers": {}, "body": '{"payload": {}}'}
    events = _events(tmp_path, "api_gateway", content, {"outcome": "rejected", "requests": []})
    journal = _journal(httpserver, [], [SEND])
    route = "/_aws/execute-api/a1b2c3d4/local/actions/send-sms"
    httpserver.expect_request(route).respond_with_json({"outcome": "rejected"})

    (row,) = replay(stack, journal, events)

    sent = Result("rejected", ("POST /v2/sms-messages/send-to/447911123456",))
    assert row == Row("(payload)", "send_sms", "api_gateway", Result("rejected", ()), sent)
    assert not row.is_as_expected

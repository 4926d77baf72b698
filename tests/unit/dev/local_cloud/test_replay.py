import json
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from dev import SUBSCRIPTIONS_FILE
from dev.local_cloud.deployment import Stack
from dev.local_cloud.programs import LocalCloudError
from dev.local_cloud.replay import Journal, Result, Row, is_replayed, replay

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


def test_the_requests_of_a_batch_are_compared_without_their_order(
    stack: Stack, httpserver: HTTPServer, tmp_path: Path
) -> None:
    content = {"httpMethod": "POST", "path": "/segment", "headers": {}, "body": "[{}, {}]"}
    (tmp_path / "segment_webhook").mkdir()
    (tmp_path / "segment_webhook/api_gateway.json").write_text(json.dumps(content))
    expected = Result("2 skipped", ("DELETE /v2/address-books/301/contacts/1001", f"POST {SEND['raw_path']}"))
    expectations = {"segment_webhook/api_gateway": {"outcome": expected.outcome, "requests": expected.requests}}
    (tmp_path / "expectations.json").write_text(json.dumps(expectations))
    removal = {"method": "DELETE", "raw_path": "/v2/address-books/301/contacts/1001"}
    journal = _journal(httpserver, [], [SEND, removal])
    answer = {"events": 2, "queued": {}, "skipped": 2, "rejected": 0}
    httpserver.expect_request("/_aws/execute-api/a1b2c3d4/local/segment").respond_with_json(answer)

    (row,) = replay(stack, journal, tmp_path)

    assert row == Row("(2 events)", "segment_webhook", "api_gateway", expected, expected)


def test_an_event_without_a_name_is_called_by_its_type(stack: Stack, httpserver: HTTPServer, tmp_path: Path) -> None:
    expected = {"outcome": "delivered", "requests": []}
    events = _events(tmp_path, "direct", {"event": {"type": "identify"}}, expected)
    journal = _journal(httpserver, [], [])
    invocations = "/2015-03-31/functions/local-send_sms/invocations"
    httpserver.expect_request(invocations).respond_with_json({"outcome": "delivered"})

    (row,) = replay(stack, journal, events)

    assert row == Row("(identify)", "send_sms", "direct", Result("delivered", ()), Result("delivered", ()))


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    """A file of subscriptions that a user edited."""
    path = tmp_path / "subscriptions.json"
    path.write_text(json.dumps(json.loads(SUBSCRIPTIONS_FILE.read_text())["subscriptions"][1:]))
    return path


@pytest.mark.parametrize(("wanted", "replayed"), [(None, True), (True, True), (False, False)])
def test_events_are_sent_to_the_subscriptions_that_ship_however_their_file_is_written(
    tmp_path: Path, wanted: bool | None, replayed: bool
) -> None:
    path = tmp_path / "subscriptions.json"
    path.write_text(json.dumps(json.loads(SUBSCRIPTIONS_FILE.read_text())["subscriptions"]))
    assert is_replayed(path, wanted) is replayed


def test_events_are_not_sent_to_other_subscriptions_and_that_cannot_be_wanted(edited: Path) -> None:
    assert (is_replayed(edited, None), is_replayed(edited, False)) == (False, False)
    with pytest.raises(LocalCloudError, match="leave REPLAY out"):
        is_replayed(edited, True)

"""What the calculation counts on is what the code does."""

import re
from typing import get_args

import pytest
from pytest_httpserver import HTTPServer

from actions.delivery import together
from actions.delivery.outcome import Kind, Outcome
from actions.delivery.sends import Send
from dotdigital import contact_imports
from lambda_runtime.queues import queue
from lambda_runtime.sends_table import SendsTable
from lambda_runtime.settings import Settings
from local.cost import counts
from local.cost.assumptions import read_assumptions
from local.cost.deliveries import IN_BULK
from local.cost.limits import read_limits
from local.cost.stack import Stack
from tests.support.aws import ENVIRONMENT


def test_numbers_that_the_code_has_too_are_the_same() -> None:
    assert together._SIDE_BY_SIDE == counts.SIDE_BY_SIDE
    assert (contact_imports._WAITS, contact_imports._LONGEST_WAIT) == (counts.IMPORT_WAITS, counts.LONGEST_IMPORT_WAIT)
    assert read_limits()["queue_call_messages"] == queue._MOST_ENTRIES
    assert Settings.model_fields["secret_max_age"].default == counts.SECRET_SECONDS
    assert len(get_args(Kind)) == counts.OUTCOMES
    assert Stack().batch_size(IN_BULK.function) == IN_BULK.messages


def test_a_send_is_two_writes_of_one_unit_each(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_json({})
    for name, value in {
        "AWS_ENDPOINT_URL": httpserver.url_for(""),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    table, send = SendsTable(Settings.from_environment(ENVIRONMENT), lambda: 0), Send("Texts", "send_sms", "m" * 36)
    assert table.claim(send) is None
    table.settle(send, Outcome("delivered", "send_sms", "Texts", dotdigital={"messageId": "i" * 36}))
    calls = [(request.headers["X-Amz-Target"], len(request.data)) for request, _ in httpserver.log]
    assert [target for target, _ in calls] == ["DynamoDB_20120810.PutItem", "DynamoDB_20120810.UpdateItem"]
    assert len(calls) == counts.WRITES_A_SEND
    # A call says more than its record holds.
    assert max(size for _, size in calls) <= read_assumptions().record_bytes.value


@pytest.mark.parametrize(
    ("import_seconds", "looks", "waited"), [(0, 1, 0.5), (0.5, 1, 0.5), (0.6, 2, 1.5), (15.5, 5, 15.5), (31, 7, 45.5)]
)
def test_a_report_is_looked_at_until_the_import_is_done(import_seconds: float, looks: int, waited: float) -> None:
    assert counts.looks_at_report(import_seconds) == (looks, waited)


@pytest.mark.parametrize(
    ("messages", "message_bytes", "requests"),
    [(1, 1_000, 1), (10, 1_000, 1), (11, 1_000, 2), (10, 6_554, 2), (1, 65_537, 2), (12, 10_000, 3), (12, 40_000, 9)],
)
def test_a_call_is_charged_for_each_64_kb_of_its_messages(messages: int, message_bytes: int, requests: int) -> None:
    assert counts.queue_requests(messages, message_bytes, 10) == requests

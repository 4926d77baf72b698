"""How messages are cut into SQS's calls, and what becomes of those that SQS does not take."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from aws.queues import MOST_BYTES, Entry, Queues, _requests

ENTRIES = st.lists(st.integers(0, 120_000).map(lambda size: Entry("x" * size)), max_size=40)


@given(ENTRIES)
def test_every_entry_is_in_one_call_in_order_and_no_call_is_over_sqss_bounds(entries: list[Entry]) -> None:
    calls = list(_requests(entries))
    assert [position for call in calls for position in call] == list(range(len(entries)))
    assert all(0 < len(call) <= 10 for call in calls)
    assert all(sum(entries[position].size for position in call) <= MOST_BYTES for call in calls)


def test_the_size_of_an_entry_is_its_bytes_and_those_of_its_attributes() -> None:
    assert Entry("é", {"reason": "ü"}).size == 2 + len("reason") + len("String") + 2


class Sqs:
    """SQS as a script: which entries of each SendMessageBatch it does not take; None breaks the call."""

    def __init__(self, server: HTTPServer) -> None:
        self.script: list[list[str] | None] = []
        self.sent: list[list[str]] = []
        server.expect_request("/").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        asked = json.loads(request.get_data())
        if request.headers["X-Amz-Target"].endswith("GetQueueUrl"):
            return Response(json.dumps({"QueueUrl": f"http://127.0.0.1/{asked['QueueName']}"}))
        ids = [entry["Id"] for entry in asked["Entries"]]
        self.sent.append(ids)
        failed = self.script.pop(0) if self.script else []
        if failed is None:
            return Response('{"__type": "com.amazonaws.sqs#RequestThrottled"}', status=400)
        taken: list[Any] = [{"Id": each, "MessageId": each} for each in ids if each not in failed]
        missed = [{"Id": each, "SenderFault": False, "Code": "InternalError"} for each in failed]
        return Response(json.dumps({"Successful": taken, "Failed": missed}))


@pytest.fixture
def sqs(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Sqs:
    for name, value in {
        "AWS_ENDPOINT_URL": httpserver.url_for(""),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    return Sqs(httpserver)


def queues(waited: list[float]) -> Queues:
    return Queues("stack-", waited.append)


def three() -> dict[str, list[Entry]]:
    return {"send_sms": [Entry("a"), Entry("b"), Entry("c")]}


def test_what_is_not_taken_is_sent_again_alone(sqs: Sqs) -> None:
    sqs.script = [["1", "2"], ["2"]]
    waited: list[float] = []
    assert queues(waited).send(three(), lambda: True) == {}
    assert sqs.sent == [["0", "1", "2"], ["1", "2"], ["2"]]
    assert waited == [0.2, 0.4]


def test_what_is_not_taken_after_three_times_is_told(sqs: Sqs) -> None:
    sqs.script = [["0", "1"], ["1"], ["1"]]
    assert queues([]).send(three(), lambda: True) == {"send_sms": [1]}
    assert len(sqs.sent) == 3


def test_a_call_that_is_refused_is_made_again_whole(sqs: Sqs) -> None:
    sqs.script = [None, None]  # botocore itself makes a throttled call twice
    assert queues([]).send(three(), lambda: True) == {}
    assert sqs.sent == [["0", "1", "2"]] * 3


def test_without_time_nothing_is_sent_and_all_is_told(sqs: Sqs) -> None:
    assert queues([]).send(three(), lambda: False) == {"send_sms": [0, 1, 2]}
    assert sqs.sent == []

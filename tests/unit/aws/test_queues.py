"""How messages are cut into SQS's requests, and what becomes of those that SQS does not take."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from aws.queues import MOST_BYTES, Entry, Queues, _requests
from tests.support.aws import credentials

ENTRIES = st.lists(st.integers(0, 120_000).map(lambda size: Entry("x" * size)), max_size=40)
THREE = {"send_sms": [Entry("a"), Entry("b"), Entry("c")]}


@given(ENTRIES)
def test_every_entry_is_in_one_request_in_order_and_no_request_is_over_sqss_bounds(entries: list[Entry]) -> None:
    requests = list(_requests(entries))
    assert [position for request in requests for position in request] == list(range(len(entries)))
    assert all(0 < len(request) <= 10 for request in requests)
    assert all(sum(entries[position].size for position in request) <= MOST_BYTES for request in requests)


def test_the_size_of_an_entry_is_its_bytes_and_those_of_its_attributes() -> None:
    assert Entry("é", {"reason": "ü"}).size == 2 + len("reason") + len("String") + 2


class Sqs:
    """SQS as a script: which entries of each SendMessageBatch it does not take; None breaks the request."""

    def __init__(self, server: HTTPServer) -> None:
        self.script: list[list[str] | None] = []
        self.sent: list[str] = []
        server.expect_request("/").respond_with_handler(self._respond)

    def _respond(self, request: Request) -> Response:
        asked = json.loads(request.get_data())
        if request.headers["X-Amz-Target"].endswith("GetQueueUrl"):
            return Response(json.dumps({"QueueUrl": f"http://127.0.0.1/{asked['QueueName']}"}))
        ids = [entry["Id"] for entry in asked["Entries"]]
        self.sent.append("".join(ids))
        failed = self.script.pop(0) if self.script else []
        if failed is None:
            return Response('{"__type": "com.amazonaws.sqs#RequestThrottled"}', status=400)
        taken: list[Any] = [{"Id": each, "MessageId": each} for each in ids if each not in failed]
        missed = [{"Id": each, "SenderFault": False, "Code": "InternalError"} for each in failed]
        return Response(json.dumps({"Successful": taken, "Failed": missed}))


@pytest.mark.parametrize(
    ("script", "is_time_left", "sent", "missed", "waited"),
    [
        ([["1", "2"], ["2"]], True, ["012", "12", "2"], {}, [0.2, 0.4]),
        ([["0", "1"], ["1"], ["1"]], True, ["012", "01", "1"], {"send_sms": [1]}, [0.2, 0.4]),
        # botocore itself makes a throttled request twice.
        ([None, None], True, ["012"] * 3, {}, [0.2]),
        ([], False, [], {"send_sms": [0, 1, 2]}, []),
    ],
    ids=["not all taken", "not taken three times", "refused whole", "no time"],
)
def test_what_is_not_taken_is_sent_again_alone_and_told_after_three_times(
    httpserver: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    script: Any,
    is_time_left: bool,
    sent: list[str],
    missed: dict[str, list[int]],
    waited: list[float],
) -> None:
    for name, value in credentials(httpserver.url_for("")).items():
        monkeypatch.setenv(name, value)
    sqs, slept = Sqs(httpserver), list[float]()
    sqs.script = script
    assert Queues("stack-", slept.append).send(THREE, lambda: is_time_left) == missed
    assert (sqs.sent, slept) == (sent, waited)

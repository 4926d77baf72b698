from typing import Any

import pytest

from dotdigital import AccountInfo, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent

VALUES = {
    "Name": "Quilt Corner",
    "ApiEndpoint": "https://r2-api.dotdigital.com/",
    "ApiCallsInLastHour": "15",
    "ApiCallsRemaining": "1985",
    "AvailableEmailSendsCredits": "5000",
    "AvailableSmsSendsCredits": "12.50",
    "ShowClock": "False",
}
INFO = AccountInfo(4711, "Quilt Corner", "https://r2-api.dotdigital.com", 15, 1985, 5000, 12)


def answer(values: dict[str, Any]) -> dict[str, Any]:
    return {"id": 4711, "properties": [{"name": name, "type": "X", "value": value} for name, value in values.items()]}


def test_what_the_account_says_of_itself(server: DotdigitalServer) -> None:
    server.answers(200, answer(VALUES))
    assert server.client().account_info() == INFO
    assert server.sent == [Sent("GET", "/v2/account-info")]


@pytest.mark.parametrize("body", [answer({}), {"id": 4711}, {"id": 4711, "properties": [None, {"name": 5}, {}]}])
def test_what_it_does_not_say_is_empty(server: DotdigitalServer, body: Any) -> None:
    server.answers(200, body)
    assert server.client().account_info() == AccountInfo(4711, "", "", None, None, None, None)


@pytest.mark.parametrize("value", ["", "many", "nan", "1e999", None, 15])
def test_an_odd_number_is_none(server: DotdigitalServer, value: Any) -> None:
    server.answers(200, answer({**VALUES, "ApiCallsRemaining": value}))
    assert server.client().account_info().calls_remaining is None


@pytest.mark.parametrize("body", [None, [], {}, {"id": "4711"}])
def test_an_answer_without_an_id_is_no_account(server: DotdigitalServer, body: Any) -> None:
    server.answers(200, body)
    with pytest.raises(UnavailableError, match="it has no id"):
        server.client().account_info()

from datetime import date
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from dotdigital import SWITCHED_ON, CredentialsRefusedError, Dotdigital, DotdigitalError, Right, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent, account_at, transport_to

TODAY = date(2026, 11, 27)
OFF = {"message": "Error: ERROR_FEATURENOTACTIVE"}
REQUESTS = {
    Right.TRANSACTIONAL_SMS: Sent("GET", "/cpaas/messages/00000000-0000-0000-0000-000000000000"),
    Right.TRANSACTIONAL_EMAIL: Sent("GET", "/v2/email/stats/since-date/2026-11-27"),
    Right.INSIGHT_DATA: Sent("GET", "/insightData/v3/collections"),
    Right.EVENTS: Sent("GET", "/events/v3/export/subscriptions", "limit=1"),
}


@pytest.mark.parametrize("right", Right)
def test_a_right_is_there_where_something_can_be_read(
    dotdigital: Dotdigital, server: DotdigitalServer, right: Right
) -> None:
    server.responds(404 if right is Right.TRANSACTIONAL_SMS else (200, []))
    assert dotdigital.rights.has(right, TODAY)
    assert server.sent == [REQUESTS[right]]
    assert right in SWITCHED_ON


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("response", [403, (400, OFF)])
def test_a_right_is_not_there_where_it_is_refused(
    dotdigital: Dotdigital, server: DotdigitalServer, right: Right, response: Any
) -> None:
    server.responds(response)
    assert not dotdigital.rights.has(right, TODAY)


@pytest.mark.parametrize(
    ("response", "error"),
    [(401, CredentialsRefusedError), (404, DotdigitalError), (400, DotdigitalError), (500, UnavailableError)],
)
def test_other_responses_say_nothing_of_it(
    dotdigital: Dotdigital, server: DotdigitalServer, response: int, error: type[Exception]
) -> None:
    server.responds(response)
    with pytest.raises(error):
        dotdigital.rights.has(Right.EVENTS, TODAY)


@pytest.mark.parametrize("right", Right)
def test_the_sandbox_has_every_right(sandbox: Sandbox, right: Right) -> None:
    account = account_at(sandbox.url, username=sandbox.username, password=sandbox.password)
    assert Dotdigital(transport_to(sandbox.url, account=account)).rights.has(right)
    assert sandbox.journal == ()

"""How Dotdigital takes a message; tests/unit/functions has what goes out for each action."""

from typing import Any

import pytest

from dotdigital import Dotdigital, RejectedError
from tests.support.dotdigital_server import DotdigitalServer

NUMBER = "447700900123"


@pytest.mark.parametrize("status", ["retrying", "sent", "delivered", "read", None, 5, ["failed"]])
def test_a_transactional_message_that_may_arrive_is_sent(
    dotdigital: Dotdigital, server: DotdigitalServer, status: Any
) -> None:
    server.responds((201, {"messageId": "beef", "status": status}))
    assert dotdigital.transactional_sms.send(NUMBER, "Hello") == "beef"
    assert server.sent[0].body == {"to": {"phoneNumber": NUMBER}, "body": "Hello", "rules": ["sms"]}


@pytest.mark.parametrize("status", ["failed", "filtered", "expired"])
def test_a_transactional_message_that_will_not_arrive_is_rejected(
    dotdigital: Dotdigital, server: DotdigitalServer, status: str
) -> None:
    server.responds((201, {"messageId": "beef", "status": status}))
    with pytest.raises(RejectedError, match=f"Dotdigital says that the message is {status}"):
        dotdigital.transactional_sms.send(NUMBER, "Hello")

from typing import Any

import pytest

from dotdigital import Dotdigital, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

NUMBER = "447700900123"
BODY = {"to": {"phoneNumber": NUMBER}, "body": "Hello", "rules": ["sms"]}
TAKEN = {"messageId": "beef", "status": "processing"}


@pytest.mark.parametrize("message", ["Hello", "Grüße 👋\n{{x}} \"'<b>&", " "])
def test_a_message_goes_to_the_number_as_it_is(dotdigital: Dotdigital, server: DotdigitalServer, message: str) -> None:
    server.responds(204)
    dotdigital.sms.send(NUMBER, message)
    assert server.sent == [Sent("POST", f"/v2/sms-messages/send-to/{NUMBER}", "", {"message": message})]


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({"sender": ""}, {}),
        ({"sender": "SHOP"}, {"channelOptions": {"sms": {"from": "SHOP"}}}),
        ({"allow_unicode": True}, {"channelOptions": {"sms": {"allowUnicode": True}}}),
        ({"shorten_links": True}, {"shortenLinks": "on"}),
    ],
)
def test_a_transactional_message_goes_with_its_options(
    dotdigital: Dotdigital, server: DotdigitalServer, options: dict[str, Any], change: dict[str, Any]
) -> None:
    server.responds((201, TAKEN))
    assert dotdigital.transactional_sms.send(NUMBER, "Hello", **options) == "beef"
    assert server.sent == [Sent("POST", "/cpaas/messages", "", BODY | change)]


@pytest.mark.parametrize("status", ["retrying", "sent", "delivered", "read", None, 5, ["failed"]])
def test_a_transactional_message_that_may_arrive_is_sent(
    dotdigital: Dotdigital, server: DotdigitalServer, status: Any
) -> None:
    server.responds((201, TAKEN | {"status": status}))
    assert dotdigital.transactional_sms.send(NUMBER, "Hello") == "beef"


@pytest.mark.parametrize("status", ["failed", "filtered", "expired"])
def test_a_transactional_message_that_will_not_arrive_is_rejected(
    dotdigital: Dotdigital, server: DotdigitalServer, status: str
) -> None:
    server.responds((201, TAKEN | {"status": status}))
    with pytest.raises(RejectedError, match=f"Dotdigital says that the message is {status}"):
        dotdigital.transactional_sms.send(NUMBER, "Hello")

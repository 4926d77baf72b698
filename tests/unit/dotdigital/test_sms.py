from typing import Any

import pytest

from dotdigital import RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

NUMBER = "447700900123"
BODY = {"to": {"phoneNumber": NUMBER}, "body": "Hello", "rules": ["sms"]}
ANSWER = {"messageId": "beef", "status": "processing"}


@pytest.mark.parametrize("message", ["Hello", "Grüße 👋\n{{x}} \"'<b>&", " "])
def test_a_message_goes_to_the_number_as_it_is(server: DotdigitalServer, message: str) -> None:
    server.answers(204)
    server.client().sms.send(NUMBER, message)
    assert server.sent == [Sent("POST", f"/v2/sms-messages/send-to/{NUMBER}", "", {"message": message})]


@pytest.mark.parametrize("number", ["", ".", ".."])
def test_a_number_that_is_none_reaches_no_path(server: DotdigitalServer, number: str) -> None:
    with pytest.raises(RejectedError, match="an identifier must have 1 to 256 characters"):
        server.client().sms.send(number, "Hello")
    assert server.sent == []


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({}, {}),
        ({"sender": "SHOP"}, {"channelOptions": {"sms": {"from": "SHOP"}}}),
        ({"sender": ""}, {}),
        ({"allow_unicode": True}, {"channelOptions": {"sms": {"allowUnicode": True}}}),
        (
            {"sender": "SHOP", "allow_unicode": True, "shorten_links": True},
            {"channelOptions": {"sms": {"from": "SHOP", "allowUnicode": True}}, "shortenLinks": "on"},
        ),
        ({"shorten_links": True}, {"shortenLinks": "on"}),
    ],
)
def test_a_transactional_message_goes_with_its_options(
    server: DotdigitalServer, options: dict[str, Any], change: dict[str, Any]
) -> None:
    server.answers(201, ANSWER)
    assert server.client().transactional_sms.send(NUMBER, "Hello", **options) == "beef"
    assert server.sent == [Sent("POST", "/cpaas/messages", "", BODY | change)]


@pytest.mark.parametrize("status", ["processing", "retrying", "sent", "delivered", "read", None, 5, ["failed"]])
def test_a_transactional_message_that_may_arrive_is_sent(server: DotdigitalServer, status: Any) -> None:
    server.answers(201, ANSWER | {"status": status})
    assert server.client().transactional_sms.send(NUMBER, "Hello") == "beef"


@pytest.mark.parametrize("status", ["failed", "filtered", "expired"])
def test_a_transactional_message_that_will_not_arrive_is_rejected(server: DotdigitalServer, status: str) -> None:
    server.answers(201, ANSWER | {"status": status})
    with pytest.raises(RejectedError, match=f"Dotdigital says that the message is {status}"):
        server.client().transactional_sms.send(NUMBER, "Hello")

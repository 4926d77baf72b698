from typing import Any

import pytest

from dotdigital import InDoubtError, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

NUMBER = "447700900123"
BODY = {"to": {"phoneNumber": NUMBER}, "body": "Hello", "rules": ["sms"]}
ANSWER = {"messageId": "beef", "status": "processing"}


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
def test_a_message_goes_with_its_options(
    server: DotdigitalServer, options: dict[str, Any], change: dict[str, Any]
) -> None:
    server.answers(201, ANSWER)
    assert server.client().transactional_sms.send(NUMBER, "Hello", **options) == "beef"
    assert server.sent == [Sent("POST", "/cpaas/messages", "", BODY | change)]


@pytest.mark.parametrize("status", ["processing", "retrying", "sent", "delivered", "read", None, 5, ["failed"]])
def test_a_message_that_may_arrive_is_sent(server: DotdigitalServer, status: Any) -> None:
    server.answers(201, ANSWER | {"status": status})
    assert server.client().transactional_sms.send(NUMBER, "Hello") == "beef"
    assert len(server.sent) == 1


@pytest.mark.parametrize("status", ["failed", "filtered", "expired"])
def test_a_message_that_will_not_arrive_is_rejected(server: DotdigitalServer, status: str) -> None:
    server.answers(201, ANSWER | {"status": status})
    with pytest.raises(RejectedError, match=f"Dotdigital says that the message is {status}"):
        server.client().transactional_sms.send(NUMBER, "Hello")
    assert len(server.sent) == 1


@pytest.mark.parametrize("body", [None, [], {}, {"id": "beef"}, {"messageId": 5}, {"messageId": None}])
def test_an_answer_without_the_id_of_the_message_leaves_it_in_doubt(server: DotdigitalServer, body: Any) -> None:
    server.answers(201, body)
    with pytest.raises(InDoubtError, match="it has no messageId"):
        server.client().transactional_sms.send(NUMBER, "Hello")
    assert len(server.sent) == 1


@pytest.mark.parametrize("status", [302, 500, 503])
def test_a_message_that_may_have_been_taken_is_in_doubt(server: DotdigitalServer, status: int) -> None:
    server.answers(status)
    with pytest.raises(InDoubtError, match=f"Dotdigital answered {status}"):
        server.client().transactional_sms.send(NUMBER, "Hello")
    assert len(server.sent) == 1


def test_validation_failures_are_told(server: DotdigitalServer) -> None:
    failures = [{"key": "to.phoneNumber", "failure": "is not a number"}, "body is too long"]
    server.answers(400, {"message": "Validation failed", "validationFailures": failures})
    with pytest.raises(RejectedError) as caught:
        server.client().transactional_sms.send(NUMBER, "Hello")
    told = "Validation failed; to.phoneNumber: is not a number; body is too long"
    assert (caught.type, caught.value.status, caught.value.description) == (RejectedError, 400, told)
    assert len(server.sent) == 1


def test_an_account_without_the_feature_is_told_what_to_switch_on(server: DotdigitalServer) -> None:
    server.answers(400, {"message": "Error: ERROR_FEATURENOTACTIVE"})
    with pytest.raises(RejectedError) as caught:
        server.client().transactional_sms.send(NUMBER, "Hello")
    assert caught.value.code == "ERROR_FEATURENOTACTIVE"
    assert caught.value.description == (
        "Error: ERROR_FEATURENOTACTIVE. Transactional SMS needs 'SMS pay as you go': have it switched on for the "
        "account"
    )
    assert len(server.sent) == 1

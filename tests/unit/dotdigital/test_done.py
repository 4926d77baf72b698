"""Calls of which nothing needs to be read: any 2xx says that they are done, whatever its body is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from dotdigital import Contact, ContactEvent, Dotdigital, Email, Identifier, InsightRecord, TriggeredCampaign
from tests.support.dotdigital_server import transport_to
from tests.support.wire_server import Step, WireServer, answer, break_off, json_answer

KIM = Identifier("email", "kim@example.com")
EVENT = ContactEvent(KIM, "Quilt bought", "m-1", datetime(2026, 5, 31, tzinfo=UTC))
CALLS: dict[str, Callable[[Dotdigital], Any]] = {
    "sms": lambda it: it.sms.send("447700900123", "Hi"),
    "email": lambda it: it.transactional_email.send(Email("shop@example.com", ["kim@example.com"], "Hi", "<p>")),
    "triggered campaign": lambda it: it.triggered_campaigns.send(TriggeredCampaign(603, ["kim@example.com"])),
    "off a list": lambda it: it.lists.remove(301, 1001),
    "many off a list": lambda it: it.lists.remove_many(301, [1001]),
    "unsubscribed from a list": lambda it: it.lists.unsubscribe(301, "kim@example.com"),
    "data field": lambda it: it.data_fields.create("SHOE", "String"),
    "event": lambda it: it.events.import_([EVENT]),
    "record": lambda it: it.insight_data.put(InsightRecord("Stock", "m-1", {})),
    "collection": lambda it: it.insight_data.create_collection("Stock", "account"),
    "contact": lambda it: it.contacts.upsert(KIM),
    "no contact": lambda it: it.contacts.delete(KIM),
}
ANSWERS: dict[str, Step] = {
    "text": answer(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK"),
    "a page": json_answer("<html>Thank you</html>", "202 Accepted"),
    "bytes": answer(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\x00\xfe"),
    "half an object": json_answer("{", "201 Created"),
    "nothing": answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "a body that breaks off": break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
    "another object": json_answer('{"queued": true}', "202 Accepted"),
    "a list": json_answer("[]"),
}


@pytest.mark.parametrize("step", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_done(call: Callable[[Dotdigital], Any], step: Step) -> None:
    with WireServer(step) as wire:
        assert call(Dotdigital(transport_to(wire.url))) is None
    assert len(wire.received) == 1


def test_what_is_told_of_a_contact_is_given() -> None:
    contact = '{"contactId": 5001, "status": "subscribed"}'
    with WireServer(json_answer(contact), json_answer(contact)) as wire:
        contacts = Dotdigital(transport_to(wire.url)).contacts
        assert contacts.upsert(KIM) == Contact(5001, "subscribed", "", frozenset())
        assert contacts.delete(KIM) == 5001

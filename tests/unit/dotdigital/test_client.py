"""What holds for every resource: odd ids reach nothing, any 2xx is done, a send that breaks is in doubt."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from dotdigital import Contact, ContactEvent, Dotdigital, Email, Identifier, InsightRecord, TriggeredCampaign
from dotdigital.errors import CredentialsRefusedError, DotdigitalError, InDoubtError, RejectedError, UnavailableError
from tests.support.dotdigital_server import Clock, DotdigitalServer, transport_to
from tests.support.wire_server import Step, WireServer, break_off, json_response, respond

Use = Callable[[Dotdigital], Any]
KIM = Identifier("email", "kim@example.com")
NUMBER = "447700900123"
EVENT = ContactEvent(KIM, "Quilt bought", "m-1", datetime(2026, 5, 31, tzinfo=UTC))
SENDS: Mapping[str, Use] = {
    "sms": lambda it: it.sms.send(NUMBER, "Hi"),
    "email": lambda it: it.transactional_email.send(Email("shop@example.com", ["kim@example.com"], "Hi", "<p>")),
    "triggered campaign": lambda it: it.triggered_campaigns.send(TriggeredCampaign(603, ["kim@example.com"])),
}
SENDS_WITH_ID: Mapping[str, tuple[Use, str]] = {
    "transactional sms": (lambda it: it.transactional_sms.send(NUMBER, "Hi"), "messageId"),
    "campaign": (lambda it: it.campaigns.send(3, 42), "id"),
    "campaign at the best time": (lambda it: it.campaigns.send_time_optimised(3, 42), "id"),
    "enrolment": (lambda it: it.programs.enrol(5, [42]), "id"),
}
SAFE: Mapping[str, Use] = {
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
SAFE_WITH_ID: Mapping[str, tuple[Use, str]] = {
    "read": (lambda it: it.contacts.get(KIM), "contactId"),
    "new list": (lambda it: it.lists.create("VIPs"), "id"),
    "import": (lambda it: it.contact_imports.run({KIM: {}}), "importId"),
    "account": (lambda it: it.account_info(), "id"),
}
WITHOUT_ID = {**SENDS, **SAFE}
WITH_ID = {
    **{name: (*use, InDoubtError) for name, use in SENDS_WITH_ID.items()},
    **{name: (*use, UnavailableError) for name, use in SAFE_WITH_ID.items()},
}
ALL: Mapping[str, tuple[Use, type[DotdigitalError]]] = {
    **{name: (use, InDoubtError) for name, use in SENDS.items()},
    **{name: (use, UnavailableError) for name, use in SAFE.items()},
    **{name: (use, kind) for name, (use, _, kind) in WITH_ID.items()},
}
RESPONSES: Mapping[str, Step] = {
    "text": respond(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK"),
    "a page": json_response("<html>Thank you</html>", "202 Accepted"),
    "bytes": respond(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff\x00\xfe"),
    "half an object": json_response("{", "201 Created"),
    "nothing": respond(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "a body that breaks off": break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
    "another object": json_response('{"queued": true}', "202 Accepted"),
    "a list": json_response("[]"),
}
IDS: list[tuple[str, Callable[[Dotdigital, Any], Any]]] = [
    ("list", lambda it, odd: it.lists.remove(odd, 42)),
    ("contact", lambda it, odd: it.lists.remove(7, odd)),
    ("list", lambda it, odd: it.lists.remove_many(odd, [42])),
    ("contact", lambda it, odd: it.lists.remove_many(7, [42, odd])),
    ("list", lambda it, odd: it.lists.unsubscribe(odd, "kim@example.com")),
    ("program", lambda it, odd: it.programs.enrol(odd, [42])),
    ("contact", lambda it, odd: it.programs.enrol(5, [42, odd])),
    # Without a contact a campaign would go to all.
    ("campaign", lambda it, odd: it.campaigns.send(odd, 42)),
    ("contact", lambda it, odd: it.campaigns.send(3, odd)),
    ("campaign", lambda it, odd: it.campaigns.send_time_optimised(odd, 42)),
    ("contact", lambda it, odd: it.campaigns.send_time_optimised(3, odd)),
    ("campaign", lambda it, odd: it.triggered_campaigns.send(TriggeredCampaign(odd, ["kim@example.com"]))),
]


@pytest.mark.parametrize("odd", [None, 0, -1, True, "7", 7.0, "7/contacts/9", [], [42]])
@pytest.mark.parametrize(("what", "use"), IDS)
def test_an_odd_id_reaches_nothing(dotdigital: Dotdigital, use: Callable[[Any, Any], Any], what: str, odd: Any) -> None:
    with pytest.raises(RejectedError, match=f"the {what} id must be a whole number above 0"):
        use(dotdigital, odd)


@pytest.mark.parametrize("odd", ["", ".", "..", "x" * 257])
def test_a_value_that_no_path_carries_reaches_nothing(dotdigital: Dotdigital, odd: str) -> None:
    someone = Identifier("email", odd)
    uses: list[Use] = [
        lambda it: it.sms.send(odd, "Hi"),
        lambda it: it.insight_data.put(InsightRecord("Stock", odd, {})),
        lambda it: it.insight_data.put(InsightRecord("Stock", "m-1", {}, someone)),
        lambda it: (it.contacts.get(someone), it.contacts.upsert(someone), it.contacts.delete(someone)),
    ]
    for use in uses:
        with pytest.raises(RejectedError, match="an identifier must have 1 to 256 characters"):
            use(dotdigital)


@pytest.mark.parametrize("step", RESPONSES.values(), ids=RESPONSES)
@pytest.mark.parametrize("use", WITHOUT_ID.values(), ids=WITHOUT_ID)
def test_where_nothing_needs_to_be_read_any_2xx_is_done(use: Use, step: Step) -> None:
    with WireServer(step) as wire:
        assert use(Dotdigital(transport_to(wire.url))) is None


def test_what_a_response_shows_of_a_contact_is_returned(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    contact = {"contactId": 5001, "status": "subscribed"}
    server.responds((200, contact), (200, contact))
    assert dotdigital.contacts.upsert(KIM) == Contact(5001, "subscribed", "", frozenset())
    assert dotdigital.contacts.delete(KIM) == 5001


@pytest.mark.parametrize("value", [None, "", " ", True, 0, -5, 4.2, ["x"], {"id": 1}])
@pytest.mark.parametrize(("use", "key", "kind"), WITH_ID.values(), ids=WITH_ID)
def test_a_response_without_its_id_leaves_a_send_in_doubt(
    dotdigital: Dotdigital, server: DotdigitalServer, *, use: Use, key: str, kind: type[DotdigitalError], value: Any
) -> None:
    server.responds((202, {key: value}))
    with pytest.raises(DotdigitalError, match=f"Dotdigital's response cannot be read: it has no {key}") as caught:
        use(dotdigital)
    assert type(caught.value) is kind


@pytest.mark.parametrize("status", [302, 500, 503])
@pytest.mark.parametrize(("use", "kind"), ALL.values(), ids=ALL)
def test_what_may_have_been_done_is_in_doubt_where_it_is_a_send(
    dotdigital: Dotdigital, server: DotdigitalServer, use: Use, kind: type[DotdigitalError], status: int
) -> None:
    server.responds(status)
    with pytest.raises(DotdigitalError, match=f"Dotdigital answered {status}") as caught:
        use(dotdigital)
    assert type(caught.value) is kind


EMAIL_OFF = ". Transactional e-mail must be switched on for the account: ask Dotdigital to"
SMS_OFF = ". Transactional SMS needs 'SMS pay as you go': have it switched on for the account"


@pytest.mark.parametrize(
    ("use", "hint"),
    [
        (SENDS["email"], EMAIL_OFF),
        (SENDS["triggered campaign"], EMAIL_OFF),
        (SENDS_WITH_ID["transactional sms"][0], SMS_OFF),
        (SENDS["sms"], ""),
    ],
)
def test_a_feature_that_is_off_says_what_to_switch_on(
    dotdigital: Dotdigital, server: DotdigitalServer, use: Use, hint: str
) -> None:
    server.responds((400, {"message": "Error: ERROR_FEATURENOTACTIVE"}), (403, {"message": "Forbidden"}))
    with pytest.raises(RejectedError) as off:
        use(dotdigital)
    assert off.value.description == f"Error: ERROR_FEATURENOTACTIVE{hint}"
    with pytest.raises(CredentialsRefusedError) as forbidden:
        use(dotdigital)
    assert forbidden.value.description.startswith(f"Forbidden{hint}; check that region")


def test_the_resources_share_one_transport_and_each_invocation_sets_its_deadline(
    dotdigital: Dotdigital, server: DotdigitalServer, clock: Clock
) -> None:
    for _ in range(2):
        dotdigital.finish_within(3)
        assert (dotdigital.has_time(3), dotdigital.has_time(3.1)) == (True, False)
        for use in (SAFE["off a list"], SAFE["no contact"]):
            server.responds(204)
            use(dotdigital)
        clock.seconds += 2.6
        for use in (SAFE["off a list"], SAFE["no contact"]):
            with pytest.raises(UnavailableError, match="no time was left for the request, so it was not made"):
                use(dotdigital)
        clock.seconds += 600

"""Whom a payload is about: payloads about one person keep their order, and updates of one contact become one."""

from typing import Any

import pytest

from cli.actions import load_action
from delivery.fields.payload import Payload
from delivery.upserts import Update, upsert_batch
from dotdigital import Identifier
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import NOW

BY_EMAIL = {"channelIdentifier": "email"}
PAYLOADS: list[tuple[str, str, dict[str, Any]]] = [
    ("add_contact_to_list", "emailIdentifier", BY_EMAIL | {"listId": 7}),
    (
        "sync_audience",
        "emailIdentifier",
        {
            "segment_computation_action": "audience",
            "computation_key": "vips",
            "external_audience_id": 7,
            "traits_or_props": {"vips": True},
        },
    ),
    ("send_email_campaign", "email", {"campaignId": 7}),
    ("send_triggered_campaign", "toAddresses", {"campaignId": 7}),
    (
        "send_transactional_email",
        "toAddresses",
        {"fromAddress": "shop@example.com", "subject": "Hello", "htmlContent": "Hello", "plainTextContent": "Hello"},
    ),
    (
        "upsert_insight_data",
        "emailIdentifier",
        BY_EMAIL | {"scope": "contact", "collection": "visits", "key": "1", "record": {"place": "Leeds"}},
    ),
]


def payload_about(action: str, field: str, others: dict[str, Any], address: str) -> Payload:
    payload: Payload = load_action(action).payload.read({**others, field: address}, now=NOW)
    return payload


@pytest.mark.parametrize(("action", "field", "others"), PAYLOADS)
def test_a_person_is_one_in_any_ascii_case_and_in_no_other(action: str, field: str, others: dict[str, Any]) -> None:
    def person(address: str) -> str:
        return payload_about(action, field, others, address).person

    assert person("Ida@Example.com") == person("iDA@eXAMPLE.com")
    assert person("\u0130da@example.com") != person("i\u0307da@example.com")


def test_updates_of_two_contacts_that_only_unicode_calls_one_are_two(server: DotdigitalServer) -> None:
    addresses = ["\u0130da@example.com", "i\u0307da@example.com"]
    updates = {
        position: Update(Identifier("email", address), {"dataFields": {"NUMBER": position}})
        for position, address in enumerate(addresses)
    }
    for contact_id in (41, 42):
        server.answers(200, {"contactId": contact_id})
    assert dict(upsert_batch(updates, server.client())) == {0: 41, 1: 42}
    assert server.sent == [
        Sent(
            "PATCH",
            f"/contacts/v3/email/{path}%40example.com",
            "merge-option=overwrite",
            {"identifiers": {"email": address}, "dataFields": {"NUMBER": position}},
        )
        for position, (path, address) in enumerate(zip(("%C4%B0da", "i%CC%87da"), addresses, strict=True))
    ]

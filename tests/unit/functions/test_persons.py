"""Whom a payload is about: payloads about one person keep their order, and updates of one contact become one."""

from delivery.upserts import Update, upsert_many
from dotdigital import Identifier
from tests.support.dotdigital_server import DotdigitalServer, Sent


def test_updates_of_two_contacts_that_only_unicode_calls_one_are_two(server: DotdigitalServer) -> None:
    addresses = ["\u0130da@example.com", "i\u0307da@example.com"]
    updates = [
        Update(Identifier("email", address), {"dataFields": {"NUMBER": position}})
        for position, address in enumerate(addresses)
    ]
    for contact_id in (41, 42):
        server.answers(200, {"contactId": contact_id})
    assert upsert_many(updates, server.client()) == [41, 42]
    assert server.sent == [
        Sent(
            "PATCH",
            f"/contacts/v3/email/{path}%40example.com",
            "merge-option=overwrite",
            {"identifiers": {"email": address}, "dataFields": {"NUMBER": position}},
        )
        for position, (path, address) in enumerate(zip(("%C4%B0da", "i%CC%87da"), addresses, strict=True))
    ]

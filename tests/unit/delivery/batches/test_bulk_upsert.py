"""Which updates are one, and what becomes of an import that Dotdigital refuses as a whole."""

from collections.abc import Mapping
from typing import Any

import pytest

from delivery.upserts import BULK_FROM, Update, Upserted, upsert_all, upsert_many
from dotdigital import ContactDetails, DotdigitalError, Identifier
from tests.support.dotdigital_server import DotdigitalServer

BAD_JSON = {"errorCode": "contacts:badJson", "description": "no"}


def contacts(number: int) -> dict[Identifier, ContactDetails]:
    return {Identifier("email", f"c{each}@example.com"): {} for each in range(number)}


def takes(server: DotdigitalServer, *numbers: int) -> None:
    """Let the server take an import of these contacts, and finish it at once."""
    server.responds((202, {"importId": f"import-{numbers[0]}"}))
    created = [{"identifiers": {"email": f"c{each}@example.com"}, "contactId": 1000 + each} for each in numbers]
    server.responds((200, {"status": "Finished", "created": created}))


def sizes(server: DotdigitalServer) -> list[int]:
    """How many contacts each import had."""
    return [len(sent.body["contacts"]) for sent in server.sent if sent.method == "PUT"]


def told(results: Mapping[Identifier, Upserted]) -> list[Any]:
    """The id of each contact, or the status and the code of its error."""
    return [(each.status, each.code) if isinstance(each, DotdigitalError) else each for each in results.values()]


@pytest.mark.parametrize("halves", [(BULK_FROM, BULK_FROM), (BULK_FROM + 1, BULK_FROM)])
def test_an_import_that_is_refused_for_what_it_holds_goes_out_in_halves(
    server: DotdigitalServer, halves: tuple[int, int]
) -> None:
    first, whole = halves[0], sum(halves)
    server.responds((400, BAD_JSON))
    takes(server, *range(first))
    takes(server, *range(first, whole))
    assert told(upsert_all(contacts(whole), server.client())) == [1000 + each for each in range(whole)]
    assert sizes(server) == [whole, *halves]


def test_halves_that_are_small_go_out_one_by_one_so_that_the_contact_at_fault_stands_alone(
    server: DotdigitalServer,
) -> None:
    expected: list[Any] = [1000 + each for each in range(BULK_FROM)]
    expected[3], expected[4] = (400, "contacts:badJson"), None
    server.responds((400, BAD_JSON))
    for each in expected:
        if each is None or isinstance(each, int):
            server.responds((200, {"contactId": each}))
        else:
            server.responds((400, BAD_JSON))
    assert told(upsert_all(contacts(BULK_FROM), server.client())) == expected
    assert sizes(server) == [BULK_FROM]


@pytest.mark.parametrize("status", [401, 404, 422, 429, 503])
def test_an_import_that_is_refused_for_anything_else_is_asked_for_once(server: DotdigitalServer, status: int) -> None:
    server.responds((status, BAD_JSON))
    assert told(upsert_all(contacts(BULK_FROM), server.client())) == [(status, "contacts:badJson")] * BULK_FROM
    assert len(server.sent) == 1


@pytest.mark.parametrize("status", ["RejectedByWatchdog", "ExceedsAllowedContactLimit", "Failed"])
def test_what_a_report_says_of_the_import_as_a_whole_is_said_of_every_contact(
    server: DotdigitalServer, status: str
) -> None:
    server.responds((202, {"importId": "import-1"}), (200, {"status": status}))
    assert told(upsert_all(contacts(BULK_FROM), server.client())) == [(None, status)] * BULK_FROM
    assert len(server.sent) == 2


def test_updates_of_two_contacts_that_only_unicode_calls_one_are_two(server: DotdigitalServer) -> None:
    addresses = ["\u0130da@example.com", "i\u0307da@example.com"]
    server.responds((200, {"contactId": 41}), (200, {"contactId": 42}))
    updates = [Update(Identifier("email", address), {"lists": [7]}) for address in addresses]
    assert upsert_many(updates, server.client()) == [41, 42]
    assert [sent.body["identifiers"]["email"] for sent in server.sent] == addresses

"""All pages of a paged list, through the lists, programs and campaigns that are read so."""

from typing import Any

import pytest

from dotdigital import Campaign, ContactList, Dotdigital, Program, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent

LIST = {"id": 7, "name": "News", "visibility": "Public", "contacts": 12}
FIRST = "select=1000"


def rows(first: int, last: int) -> list[dict[str, Any]]:
    return [{"id": number} for number in range(first, last + 1)]


def test_the_lists_of_an_account(server: DotdigitalServer) -> None:
    server.answers(200, [LIST, {**LIST, "id": 8, "visibility": "Private", "contacts": 0}])
    assert server.client().lists.all() == (
        ContactList(7, "News", "Public", 12),
        ContactList(8, "News", "Private", 0),
    )
    assert server.sent == [Sent("GET", "/v2/address-books", FIRST)]


def test_the_programs_of_an_account(server: DotdigitalServer) -> None:
    server.answers(200, [{"id": 5, "name": "Welcome", "status": "Active", "dateCreated": "2025-01-15T09:00:00Z"}])
    assert server.client().programs.all() == (Program(5, "Welcome", "Active"),)
    assert server.sent == [Sent("GET", "/v2/programs", FIRST)]


def test_the_campaigns_of_an_account(server: DotdigitalServer) -> None:
    sale = {"id": 3, "name": "Sale", "subject": "50 % off", "status": "Unsent", "htmlContent": None, "type": "Standard"}
    sent = {**sale, "id": 4, "status": "Sent", "type": "Triggered"}
    server.answers(200, [sale, sent, {**sale, "id": 5, "status": "Triggered", "type": None}])
    assert server.client().campaigns.all() == (
        Campaign(3, "Sale", "50 % off", "Unsent", triggered=False),
        Campaign(4, "Sale", "50 % off", "Sent", triggered=True),
        Campaign(5, "Sale", "50 % off", "Triggered", triggered=True),
    )
    assert server.sent == [Sent("GET", "/v2/campaigns/filtered", FIRST)]


@pytest.mark.parametrize("last", [[], rows(2001, 2999)])
def test_every_page_is_read_until_one_is_not_full(server: DotdigitalServer, last: list[dict[str, Any]]) -> None:
    for page in (rows(1, 1000), rows(1001, 2000), last):
        server.answers(200, page)
    assert [each.id for each in server.client().lists.all()] == list(range(1, 2001 + len(last)))
    assert [sent.query for sent in server.sent] == [FIRST, f"{FIRST}&skip=1000", f"{FIRST}&skip=2000"]


def test_a_row_that_moves_to_the_next_page_while_they_are_read_comes_once(server: DotdigitalServer) -> None:
    server.answers(200, rows(1, 1000))
    server.answers(200, rows(1000, 1001))
    assert [each.id for each in server.client().programs.all()] == list(range(1, 1002))


def test_pages_that_repeat_for_ever_end(server: DotdigitalServer) -> None:
    server.answers(200, rows(1, 1000))
    server.answers(200, rows(1, 1000))
    with pytest.raises(UnavailableError, match="its pages do not end"):
        server.client().campaigns.all()


@pytest.mark.parametrize("body", [None, {}, {"items": [LIST]}, "x"])
def test_an_answer_that_is_no_list_is_told(dotdigital: Dotdigital, server: DotdigitalServer, body: Any) -> None:
    server.answers(200, body)
    with pytest.raises(UnavailableError, match="it is not a list"):
        dotdigital.lists.all()


def test_odd_rows_are_left_out_and_odd_values_are_empty(server: DotdigitalServer) -> None:
    server.answers(200, [None, {"name": "News"}, {"id": "7"}, {"id": 0}, {"id": 9, "name": 5, "contacts": "12"}])
    assert server.client().lists.all() == (ContactList(9, "", "", 0),)

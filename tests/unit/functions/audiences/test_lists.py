from typing import Any

import pytest

from audiences.lists import Audience, audience_of, list_by_id
from aws.account import ConflictError, RequestError, UnknownError
from dotdigital import ContactList, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

LISTS = Sent("GET", "/v2/address-books", "select=1000")
FULL_PAGE = [{"id": number, "name": f"List {number}"} for number in range(1, 1001)]
RESERVED = {"id": 1, "name": "All Contacts"}
VIPS = {"id": 7, "name": "VIPs", "visibility": "Public", "contacts": 3}
FOUND = ContactList(7, "VIPs", "Public", 3)


def created(name: str, visibility: str = "Private") -> Sent:
    return Sent("POST", "/v2/address-books", "", {"name": name, "visibility": visibility})


@pytest.mark.parametrize(
    ("asked", "visibility"),
    [
        ({"name": "New"}, "Private"),
        ({"name": " New\t"}, "Private"),
        ({"name": "New", "visibility": "Private"}, "Private"),
        ({"name": "New", "visibility": "Public"}, "Public"),
        ({"audienceName": "New"}, "Private"),
        ({"audienceName": "New", "anything": {"else": 1}}, "Private"),
        ({"name": "New", "audienceName": "VIPs"}, "Private"),
        ({"name": "New", "audienceName": "n" * 129}, "Private"),
        ({"name": "New", "externalId": None}, "Private"),
    ],
)
def test_a_list_that_is_not_there_is_made(server: DotdigitalServer, asked: Any, visibility: str) -> None:
    server.responds((200, [VIPS]), (200, {"id": 9}))
    made = ContactList(9, "New", visibility, 0)
    assert audience_of(server.client(), asked) == Audience(made, is_new=True)
    assert server.sent == [LISTS, created("New", visibility)]


@pytest.mark.parametrize("name", ["VIPs", "vips", " VIPS\n"])
@pytest.mark.parametrize("visibility", ["Private", "Public"])
def test_an_existing_list_is_found_whatever_its_case_and_blanks(
    server: DotdigitalServer, name: str, visibility: str
) -> None:
    server.responds((200, [RESERVED, VIPS]))
    assert audience_of(server.client(), {"name": name, "visibility": visibility}) == Audience(FOUND)
    assert server.sent == [LISTS]


def test_of_two_alike_the_one_of_these_letters_is_meant(server: DotdigitalServer) -> None:
    server.responds((200, [{"id": 6, "name": "vips "}, VIPS]))
    assert audience_of(server.client(), {"name": "VIPs"}) == Audience(FOUND)


def test_a_list_on_a_later_page_is_found(server: DotdigitalServer) -> None:
    server.responds((200, FULL_PAGE), (200, [{"id": 1007, "name": "VIPs"}]))
    assert audience_of(server.client(), {"name": "VIPs"}).external_id == "1007"


@pytest.mark.parametrize("blank", ["", "   ", "\t\n", None])
def test_a_blank_name_gives_way_to_the_audiences_own(server: DotdigitalServer, blank: str | None) -> None:
    server.responds((200, [VIPS]))
    assert audience_of(server.client(), {"name": blank, "audienceName": "VIPs"}) == Audience(FOUND)


NO_NAME = "name: give the list a name; without one, audienceName is taken"
TOO_LONG = "name: a list's name has at most 128 characters; give it a shorter one as name"
RESERVED_NAME = "name: Test and All Contacts are Dotdigital's own lists and take no contacts"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, NO_NAME),
        ({"name": " ", "audienceName": "\n"}, NO_NAME),
        ({"name": None}, NO_NAME),
        ({"name": "Test"}, RESERVED_NAME),
        ({"name": " all CONTACTS "}, RESERVED_NAME),
        ({"audienceName": "test"}, RESERVED_NAME),
        ({"name": "n" * 129}, TOO_LONG),
        ({"audienceName": "n" * 129}, TOO_LONG),
        ({"name": 7}, "name: Input should be a valid string"),
        ({"name": "New", "visibility": "Hidden"}, "visibility: Input should be 'Private' or 'Public'"),
        ({"name": "New", "visibility": None}, "visibility: Input should be 'Private' or 'Public'"),
        ([{"name": "New"}], "the body must be one JSON object"),
        (None, "the body must be one JSON object"),
    ],
)
def test_what_is_wrong_is_told_before_any_call(server: DotdigitalServer, asked: Any, reason: str) -> None:
    with pytest.raises(RequestError) as caught:
        audience_of(server.client(), asked)
    assert str(caught.value) == reason
    assert server.sent == []


def test_128_characters_are_taken(server: DotdigitalServer) -> None:
    server.responds((200, []), (200, {"id": 9}))
    assert audience_of(server.client(), {"name": f" {'n' * 128} "}).external_id == "9"


def test_a_list_that_somebody_makes_at_the_same_moment_is_found(server: DotdigitalServer) -> None:
    server.responds(
        (200, []), (400, {"message": "Error: ERROR_ADDRESSBOOK_DUPLICATE"}), (200, [{**VIPS, "name": "vips"}])
    )
    assert audience_of(server.client(), {"name": "VIPs"}).external_id == "7"
    assert server.sent == [LISTS, created("VIPs"), LISTS]


def test_a_name_that_something_else_has_is_told(server: DotdigitalServer) -> None:
    server.responds((200, []), (400, {"message": "Error: ERROR_ADDRESSBOOK_DUPLICATE"}), (200, []))
    with pytest.raises(ConflictError, match="something else of that name, a segment perhaps: choose another"):
        audience_of(server.client(), {"name": "VIPs"})


def test_another_refusal_passes_through(server: DotdigitalServer) -> None:
    server.responds((200, []), (400, {"message": "Error: ERROR_ADDRESSBOOK_LIMITEXCEEDED"}))
    with pytest.raises(RejectedError, match="ERROR_ADDRESSBOOK_LIMITEXCEEDED"):
        audience_of(server.client(), {"name": "VIPs"})


@pytest.mark.parametrize("external_id", ["7", 7, "007"])
def test_an_external_id_is_the_id_of_a_list(server: DotdigitalServer, external_id: Any) -> None:
    server.responds((200, [RESERVED, VIPS]))
    asked = {"externalId": external_id, "audienceName": "Another", "visibility": "Private"}
    assert audience_of(server.client(), asked) == Audience(FOUND)
    assert server.sent == [LISTS]


@pytest.mark.parametrize(
    "external_id", ["8", 8, 0, -7, 7.0, True, "", "7 ", "+7", "\u0667", "7/contacts", "9" * 5000, [7]]
)
def test_an_external_id_that_is_no_lists_is_unknown(server: DotdigitalServer, external_id: Any) -> None:
    server.responds((200, [RESERVED, VIPS]))
    with pytest.raises(UnknownError, match="no list has that id"):
        list_by_id(server.client(), external_id)


def test_dotdigitals_own_lists_are_for_no_audience(server: DotdigitalServer) -> None:
    server.responds((200, [RESERVED]))
    with pytest.raises(UnknownError, match="the list 1 is Dotdigital's own and takes no contacts"):
        list_by_id(server.client(), "1")

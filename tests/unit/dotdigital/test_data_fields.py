from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dotdigital import DataField, Dotdigital, RejectedError, UnavailableError
from dotdigital.data_fields import DataFields
from tests.support.dotdigital_server import Clock, DotdigitalServer, Sent

READ = Sent("GET", "/v2/data-fields/")
CREATE = Sent("POST", "/v2/data-fields", "", {"name": "NEW", "type": "Date", "visibility": "Private"})
FIELDS = [
    {"name": "FIRSTNAME", "type": "String", "visibility": "Public", "defaultValue": None},
    {"name": "Shoe_Size", "type": "Numeric", "visibility": "Private", "defaultValue": 0},
]
WITH_NEW = [*FIELDS, {"name": "NEW", "type": "Date"}]
FIRSTNAME, SHOE_SIZE, NEW = (
    DataField("FIRSTNAME", "String"),
    DataField("Shoe_Size", "Numeric"),
    DataField("NEW", "Date"),
)


@pytest.fixture
def known(dotdigital: Dotdigital, server: DotdigitalServer) -> DataFields:
    """The fields after one look-up."""
    server.responds((200, FIELDS))
    assert dotdigital.data_fields.look_up(["FIRSTNAME"]) == {"FIRSTNAME": FIRSTNAME}
    return dotdigital.data_fields


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), {}),
        (("firstname", "SHOE_SIZE"), {"firstname": FIRSTNAME, "SHOE_SIZE": SHOE_SIZE}),
        (("FirstName", "unknown"), {"FirstName": FIRSTNAME}),
        (("FIRST NAME", "", "FIRSTNAMES", "None", "5"), {}),
    ],
)
def test_fields_are_found_by_name_without_regard_to_case_and_odd_items_are_left_out(
    dotdigital: Dotdigital, server: DotdigitalServer, names: tuple[str, ...], found: dict[str, DataField]
) -> None:
    server.responds((200, [None, "FIRSTNAME", {}, {"name": 5}, {"name": None, "type": "String"}, *FIELDS]))
    assert dotdigital.data_fields.look_up(names) == found
    assert server.sent == [READ]


@pytest.mark.parametrize(
    ("response", "kind", "problem"),
    [
        *(((200, body), UnavailableError, "are not a list") for body in (None, {}, {"items": FIELDS}, "x", 5)),
        ((400, {"message": "Error: ERROR_FEATURENOTACTIVE"}), RejectedError, "ERROR_FEATURENOTACTIVE"),
    ],
)
def test_a_list_that_could_not_be_read_is_read_again(
    dotdigital: Dotdigital, server: DotdigitalServer, response: Any, kind: type[Exception], problem: str
) -> None:
    server.responds(response, (200, FIELDS))
    with pytest.raises(kind, match=problem):
        dotdigital.data_fields.look_up(["FIRSTNAME"])
    assert dotdigital.data_fields.look_up(["FIRSTNAME"]) == {"FIRSTNAME": FIRSTNAME}


def test_the_list_is_kept_for_five_minutes(server: DotdigitalServer, known: DataFields, clock: Clock) -> None:
    clock.seconds += 300
    assert known.look_up(["firstname"]) == {"firstname": FIRSTNAME}
    server.responds((200, FIELDS[1:]))
    clock.seconds += 0.1
    assert known.look_up(["firstname"]) == {}
    assert server.sent == [READ] * 2


def test_a_field_that_is_made_after_the_list_was_read_is_found_at_once(
    server: DotdigitalServer, known: DataFields
) -> None:
    server.responds(500, (200, WITH_NEW))
    with pytest.raises(UnavailableError):
        known.look_up(["NEW"])
    assert known.look_up(["new", "firstname"]) == {"new": NEW, "firstname": FIRSTNAME}
    assert known.look_up(["NEW"]) == {"NEW": NEW}
    assert server.sent == [READ] * 3


def test_an_unknown_name_reads_the_list_once_a_minute_however_often_it_comes(
    server: DotdigitalServer, known: DataFields, clock: Clock
) -> None:
    server.responds((200, FIELDS), (200, WITH_NEW))
    for _ in range(12):
        assert known.look_up(["new", "NEW"]) == {}
        clock.seconds += 5
    assert known.look_up(["new"]) == {}
    assert server.sent == [READ] * 2
    clock.seconds += 0.1
    assert known.look_up(["new"]) == {"new": NEW}


def test_names_that_are_unknown_each_time_read_the_list_twenty_times_a_minute_at_most(
    server: DotdigitalServer, known: DataFields, clock: Clock
) -> None:
    server.responds(*[(200, FIELDS)] * 21)
    for number in range(1_000):
        assert known.look_up([f"key-{number}", "firstname"]) == {"firstname": FIRSTNAME}
        clock.seconds += 0.05
    assert server.sent == [READ] * 21
    clock.seconds += 60
    assert known.look_up(["key-1"]) == {}


def test_threads_that_look_up_at_once_read_the_list_once(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((200, FIELDS))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(dotdigital.data_fields.look_up, [["FIRSTNAME", "typo"]] * 80))
    assert found == [{"FIRSTNAME": FIRSTNAME}] * 80


def test_all_fields_are_read_now(server: DotdigitalServer, known: DataFields) -> None:
    server.responds((200, FIELDS[:1]))
    assert known.all() == (FIRSTNAME,)
    assert known.look_up(["firstname"]) == {"firstname": FIRSTNAME}
    assert server.sent == [READ] * 2


@pytest.mark.parametrize("response", [201, (400, {"message": "Exists. ERROR_NON_UNIQUE_DATAFIELD"})])
def test_a_field_that_is_created_or_was_there_is_seen_by_the_next_look_up(
    server: DotdigitalServer, known: DataFields, response: Any
) -> None:
    server.responds((200, FIELDS), response, (200, WITH_NEW))
    assert known.look_up(["new"]) == {}
    known.create("NEW", "Date")
    assert known.look_up(["new"]) == {"new": NEW}
    assert server.sent == [READ, READ, CREATE, READ]


def test_a_field_that_cannot_be_created_is_rejected(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((400, {"message": "Too many. ERROR_DATAFIELD_LIMITEXCEEDED"}))
    with pytest.raises(RejectedError, match="ERROR_DATAFIELD_LIMITEXCEEDED"):
        dotdigital.data_fields.create("N" * 20, "Date")


@pytest.mark.parametrize("name", ["", "x" * 21, "SHOE SIZE", "Größe", "a\n", "Email", "ID", "unsubscribed"])
def test_a_name_that_no_field_may_have_reaches_nothing(dotdigital: Dotdigital, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a data field must be 1 to 20 letters"):
        dotdigital.data_fields.create(name, "String")

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dotdigital import DataField, RejectedError, UnavailableError
from dotdigital.data_fields import DataFields
from tests.support.dotdigital_server import Clock, DotdigitalServer, Sent

READ = Sent("GET", "/v2/data-fields/")
FIELDS = [
    {"name": "FIRSTNAME", "type": "String", "visibility": "Public", "defaultValue": None},
    {"name": "Shoe_Size", "type": "Numeric", "visibility": "Private", "defaultValue": 0},
]
FIRSTNAME = DataField("FIRSTNAME", "String")
SHOE_SIZE = DataField("Shoe_Size", "Numeric")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), {}),
        (("FIRSTNAME",), {"FIRSTNAME": FIRSTNAME}),
        (("firstname", "SHOE_SIZE"), {"firstname": FIRSTNAME, "SHOE_SIZE": SHOE_SIZE}),
        (("FirstName", "unknown"), {"FirstName": FIRSTNAME}),
        (("FIRST NAME", "", "FIRSTNAMES"), {}),
    ],
)
def test_fields_are_found_by_name_without_regard_to_case(
    server: DotdigitalServer, names: tuple[str, ...], found: dict[str, DataField]
) -> None:
    server.answers(200, FIELDS)
    assert server.client().data_fields.look_up(names) == found
    assert server.sent == [READ]


@pytest.mark.parametrize("body", [None, {}, {"items": FIELDS}, "x", 5])
def test_an_answer_that_is_no_list_is_told(server: DotdigitalServer, body: Any) -> None:
    server.answers(200, body)
    with pytest.raises(UnavailableError, match="the data fields are not a list"):
        server.client().data_fields.look_up(["FIRSTNAME"])
    assert server.sent == [READ]


def test_an_odd_item_is_left_out(server: DotdigitalServer) -> None:
    server.answers(200, [None, "FIRSTNAME", {}, {"name": 5}, {"name": None, "type": "String"}, *FIELDS])
    assert server.client().data_fields.look_up(["FIRSTNAME", "None", "5"]) == {"FIRSTNAME": FIRSTNAME}


def test_the_list_is_kept_for_five_minutes(server: DotdigitalServer) -> None:
    clock, fields = looked_up(server, FIELDS)
    clock.seconds += 300
    assert fields.look_up(["firstname"]) == {"firstname": FIRSTNAME}
    assert server.sent == [READ]
    server.answers(200, FIELDS[1:])
    clock.seconds += 0.1
    assert fields.look_up(["firstname"]) == {}
    assert server.sent == [READ] * 2


def test_a_list_that_could_not_be_read_is_read_again(server: DotdigitalServer) -> None:
    fields = server.client().data_fields
    server.answers(400, {"message": "Error: ERROR_FEATURENOTACTIVE"})
    with pytest.raises(RejectedError):
        fields.look_up(["FIRSTNAME"])
    server.answers(200, FIELDS)
    assert fields.look_up(["FIRSTNAME"]) == {"FIRSTNAME": FIRSTNAME}


def test_a_list_that_cannot_be_read_anew_is_no_answer_for_an_unknown_name(server: DotdigitalServer) -> None:
    _, fields = looked_up(server, FIELDS)
    server.answers(500)
    with pytest.raises(UnavailableError):
        fields.look_up(["NEW"])
    server.answers(200, [*FIELDS, {"name": "NEW", "type": "Date"}])
    assert fields.look_up(["NEW"]) == {"NEW": DataField("NEW", "Date")}


def looked_up(server: DotdigitalServer, answer: Any) -> tuple[Clock, DataFields]:
    """Fields that were read once, and their clock."""
    clock = Clock()
    fields = server.client(monotonic=clock).data_fields
    server.answers(200, answer)
    assert fields.look_up(["FIRSTNAME"]) == {"FIRSTNAME": FIRSTNAME}
    return clock, fields


def test_a_field_that_is_made_after_the_list_was_read_is_found_at_once(server: DotdigitalServer) -> None:
    _, fields = looked_up(server, FIELDS)
    server.answers(200, [*FIELDS, {"name": "NEW", "type": "Date"}])
    assert fields.look_up(["new", "firstname"]) == {"new": DataField("NEW", "Date"), "firstname": FIRSTNAME}
    assert fields.look_up(["NEW"]) == {"NEW": DataField("NEW", "Date")}
    assert server.sent == [READ] * 2


def test_an_unknown_name_reads_the_list_once_a_minute_however_often_it_comes(server: DotdigitalServer) -> None:
    clock, fields = looked_up(server, FIELDS)
    server.answers(200, FIELDS)
    for _ in range(12):
        assert fields.look_up(["typo", "TYPO"]) == {}
        clock.seconds += 5
    assert fields.look_up(["typo"]) == {}
    assert server.sent == [READ] * 2
    server.answers(200, [*FIELDS, {"name": "TYPO", "type": "String"}])
    clock.seconds += 0.1
    assert fields.look_up(["typo"]) == {"typo": DataField("TYPO", "String")}
    assert server.sent == [READ] * 3


def test_names_that_are_unknown_each_time_read_the_list_twenty_times_a_minute_at_most(
    server: DotdigitalServer,
) -> None:
    clock, fields = looked_up(server, FIELDS)
    for _ in range(20):
        server.answers(200, FIELDS)
    for number in range(1_000):
        assert fields.look_up([f"key-{number}", "firstname"]) == {"firstname": FIRSTNAME}
        clock.seconds += 0.05
    assert server.sent == [READ] * 21
    server.answers(200, FIELDS)
    clock.seconds += 60
    assert fields.look_up(["key-1"]) == {}
    assert server.sent == [READ] * 22


def test_threads_that_ask_at_once_read_the_list_once(server: DotdigitalServer) -> None:
    server.answers(200, FIELDS)
    fields = server.client().data_fields
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fields.look_up, [["FIRSTNAME", "typo"]] * 80))
    assert found == [{"FIRSTNAME": FIRSTNAME}] * 80
    assert server.sent == [READ]


CREATE = Sent("POST", "/v2/data-fields", "", {"name": "NEW", "type": "Date", "visibility": "Private"})


def test_all_fields_are_read_now(server: DotdigitalServer) -> None:
    _, fields = looked_up(server, FIELDS)
    server.answers(200, FIELDS[:1])
    assert fields.all() == (FIRSTNAME,)
    assert fields.look_up(["firstname"]) == {"firstname": FIRSTNAME}
    assert server.sent == [READ] * 2


@pytest.mark.parametrize(
    ("status", "answer"), [(201, None), (200, FIELDS[0]), (400, {"message": "Exists. ERROR_NON_UNIQUE_DATAFIELD"})]
)
def test_a_field_that_is_created_or_was_there_is_seen_by_the_next_look_up(
    server: DotdigitalServer, status: int, answer: Any
) -> None:
    _, fields = looked_up(server, FIELDS)
    server.answers(200, FIELDS)
    assert fields.look_up(["new"]) == {}
    server.answers(status, answer)
    fields.create("NEW", "Date")
    server.answers(200, [*FIELDS, {"name": "NEW", "type": "Date"}])
    assert fields.look_up(["new"]) == {"new": DataField("NEW", "Date")}
    assert server.sent == [READ, READ, CREATE, READ]


def test_a_field_that_cannot_be_created_is_rejected(server: DotdigitalServer) -> None:
    server.answers(400, {"message": "Too many. ERROR_DATAFIELD_LIMITEXCEEDED"})
    with pytest.raises(RejectedError, match="ERROR_DATAFIELD_LIMITEXCEEDED"):
        server.client().data_fields.create("NEW", "Date")


@pytest.mark.parametrize("name", ["", "x" * 21, "SHOE SIZE", "Größe", "a\n", "Email", "ID", "unsubscribed"])
def test_a_name_that_no_field_may_have_reaches_nothing(server: DotdigitalServer, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a data field must be 1 to 20 letters"):
        server.client().data_fields.create(name, "String")
    assert server.sent == []

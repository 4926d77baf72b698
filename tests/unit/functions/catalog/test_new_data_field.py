from typing import Any

import pytest

from aws.account import ConflictError, RequestError
from catalog.new_data_field import create_data_field
from dotdigital import DataField, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

READ = Sent("GET", "/v2/data-fields/")
BAD_NAME = "name: the name of a data field must be 1 to 20 letters, digits, _ or -, and none that Dotdigital uses"


def created(**differences: str) -> Sent:
    usual = {"name": "COLOUR", "type": "String", "visibility": "Private"}
    return Sent("POST", "/v2/data-fields", "", usual | differences)


@pytest.mark.parametrize("visibility", ["Private", "Public"])
@pytest.mark.parametrize("kind", ["String", "Numeric", "Date", "Boolean"])
def test_a_data_field_is_made_as_it_is_asked_for(server: DotdigitalServer, kind: str, visibility: str) -> None:
    server.responds(201, (200, [{"name": "COLOUR", "type": kind}]))
    asked = {"name": "COLOUR", "type": kind, "visibility": visibility}
    assert create_data_field(server.client(), asked) == DataField("COLOUR", kind)
    assert server.sent == [created(type=kind, visibility=visibility), READ]


def test_it_is_private_unless_it_is_asked_for_otherwise(server: DotdigitalServer) -> None:
    server.responds(201, (200, []))
    assert create_data_field(server.client(), {"name": "COLOUR", "type": "String"}) == DataField("COLOUR", "String")
    assert server.sent == [created(), READ]


def test_one_that_is_there_with_that_type_counts_as_made(server: DotdigitalServer) -> None:
    server.responds(
        (400, {"message": "Field already exists. ERROR_NON_UNIQUE_DATAFIELD"}),
        (200, [{"name": "Colour", "type": "String"}]),
    )
    assert create_data_field(server.client(), {"name": "COLOUR", "type": "String"}) == DataField("Colour", "String")


def test_one_that_is_there_with_another_type_is_told(server: DotdigitalServer) -> None:
    server.responds(
        (400, {"message": "Field already exists. ERROR_NON_UNIQUE_DATAFIELD"}),
        (200, [{"name": "COLOUR", "type": "Numeric"}]),
    )
    with pytest.raises(ConflictError, match="the account has a data field of that name, of type Numeric"):
        create_data_field(server.client(), {"name": "COLOUR", "type": "String"})


@pytest.mark.parametrize(
    ("differences", "reason"),
    [
        ({"name": "C" * 21}, BAD_NAME),
        ({"name": ""}, BAD_NAME),
        ({"name": "COLOUR 2"}, BAD_NAME),
        ({"name": "COLOUR\n"}, BAD_NAME),
        ({"name": "FARBTÖNE"}, BAD_NAME),
        ({"name": "Email"}, BAD_NAME),
        ({"name": "uniquecontactid"}, BAD_NAME),
        ({"name": 7}, "name: Input should be a valid string"),
        ({"type": "Currency"}, "type: Input should be 'String', 'Numeric', 'Date' or 'Boolean'"),
        ({"visibility": "Hidden"}, "visibility: Input should be 'Private' or 'Public'"),
        ({"defaultValue": "red"}, "defaultValue: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_told_before_any_call(
    server: DotdigitalServer, differences: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RequestError) as caught:
        create_data_field(server.client(), {"name": "COLOUR", "type": "String"} | differences)
    assert str(caught.value) == reason
    assert server.sent == []


def test_a_refusal_of_dotdigitals_passes_through(server: DotdigitalServer) -> None:
    server.responds((400, {"message": "ERROR_DATAFIELD_LIMITEXCEEDED"}))
    with pytest.raises(RejectedError, match="ERROR_DATAFIELD_LIMITEXCEEDED"):
        create_data_field(server.client(), {"name": "COLOUR", "type": "String"})

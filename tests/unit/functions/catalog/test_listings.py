from typing import Any

import pytest

from aws.account import UnknownError
from catalog.listings import Item, as_choices, as_rows, listing, no_choices
from dotdigital import Campaign, ContactList, DataField, Program
from tests.support.dotdigital_server import DotdigitalServer


@pytest.mark.parametrize(
    ("name", "rows", "items"),
    [
        (
            "lists",
            [{"id": 7, "name": "VIPs", "visibility": "Public", "contacts": 3}],
            {"lists": [{"id": 7, "name": "VIPs", "visibility": "Public", "contacts": 3}]},
        ),
        (
            "programs",
            [{"id": 7, "name": "Welcome", "status": "Draft"}],
            {"programs": [{"id": 7, "name": "Welcome", "status": "Draft"}]},
        ),
        (
            "campaigns",
            [{"id": 7, "name": "May", "subject": "News", "status": "Sent", "type": "Triggered"}],
            {"campaigns": [{"id": 7, "name": "May", "subject": "News", "status": "Sent", "triggered": True}]},
        ),
        ("data-fields", [{"name": "CITY", "type": "String"}], {"dataFields": [{"name": "CITY", "type": "String"}]}),
    ],
)
def test_everything_that_is_known_is_told(
    server: DotdigitalServer, name: str, rows: list[dict[str, Any]], items: dict[str, Any]
) -> None:
    server.responds((200, rows))
    asked = listing(name)
    assert as_rows(asked, asked.read(server.client())) == items


@pytest.mark.parametrize("name", ["emailType", "account", "", "../account"])
def test_what_is_not_listed_is_told_what_is(name: str) -> None:
    with pytest.raises(UnknownError, match="there are lists, programs, campaigns, data-fields and account"):
        listing(name)


@pytest.mark.parametrize(
    ("item", "choice"),
    [
        (ContactList(7, "VIPs", "Public", 3), {"label": "VIPs", "value": "7"}),
        (Program(7, "Welcome", "Active"), {"label": "Welcome", "value": "7"}),
        (Campaign(7, "May", "News", "Sent", triggered=False), {"label": "May", "value": "7"}),
        (DataField("CITY", "String"), {"label": "CITY", "value": "CITY", "type": "string"}),
        (DataField("POINTS", "Numeric"), {"label": "POINTS", "value": "POINTS", "type": "number"}),
        (DataField("SEEN", "Date"), {"label": "SEEN", "value": "SEEN", "type": "datetime"}),
        (DataField("VIP", "Boolean"), {"label": "VIP", "value": "VIP", "type": "boolean"}),
    ],
)
def test_a_choice_has_a_label_and_a_value_of_text(item: Item, choice: dict[str, str]) -> None:
    assert as_choices([item]) == {"choices": [choice]}


@pytest.mark.parametrize("status", ["Draft", "Deactivated", "ReadOnly", ""])
def test_a_program_that_is_not_active_is_no_choice(status: str) -> None:
    assert as_choices([Program(7, "Welcome", status)]) == {"choices": []}


def test_a_data_field_of_an_unknown_type_is_a_choice_without_a_type() -> None:
    assert as_choices([DataField("PRICE", "Currency")]) == {"choices": [{"label": "PRICE", "value": "PRICE"}]}


def test_a_picker_says_that_nothing_has_the_name() -> None:
    assert no_choices("emailType") == {
        "choices": [],
        "nextPage": "",
        "error": {"message": "No dynamic field named emailType found.", "code": "404"},
    }

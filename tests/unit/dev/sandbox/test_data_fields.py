"""Data fields."""

from typing import Any

import pytest

PATH = "/v2/data-fields"


@pytest.mark.parametrize("path", [PATH, f"{PATH}/"])
def test_all_fields(api: Any, path: str) -> None:
    status, rows = api("GET", path)
    assert status == 200
    assert rows[0] == {
        "name": "FIRSTNAME",
        "type": "String",
        "visibility": "Public",
        "defaultValue": None,
    }
    assert {row["name"]: row["type"] for row in rows} == {
        "FIRSTNAME": "String",
        "LASTNAME": "String",
        "CITY": "String",
        "POINTS": "Numeric",
        "LASTORDERVALUE": "Numeric",
        "LASTSEEN": "Date",
        "VIP": "Boolean",
    }


def test_a_new_field_can_be_written(api: Any, effects: Any) -> None:
    field = {"name": "SHOE", "type": "Numeric", "visibility": "Private", "defaultValue": None}
    assert api("POST", PATH, {"name": "SHOE", "type": "Numeric"}) == (201, field)
    _, contact = api("PATCH", "/contacts/v3/contactId/1001", {"dataFields": {"shoe": 42}})
    assert contact["dataFields"]["SHOE"] == 42
    assert effects()[0] == ("data_field_created", {"name": "SHOE", "type": "Numeric"})

import json

import pytest

from delivery.fields.data_fields import NOT_OF_THE_ACCOUNT
from delivery.fields.payload import PayloadError
from delivery.outcome import Ids, Outcome, Refusal


def test_what_is_not_known_is_left_out() -> None:
    assert Outcome("delivered", "send_sms", "Texts").as_json() == {
        "outcome": "delivered",
        "action": "send_sms",
        "subscription": "Texts",
    }


def test_all_that_is_known_is_json() -> None:
    error = PayloadError({"to": "is required"})
    outcome = Outcome("rejected", "send_sms", "Texts", "no", error.fields, refusal=Refusal(400))
    assert json.loads(json.dumps(outcome.as_json())) == {
        "outcome": "rejected",
        "action": "send_sms",
        "subscription": "Texts",
        "reason": "no",
        "fields": {"to": "is required"},
        "dotdigital": {"status": 400},
    }


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome("delivered", "enrol_contact", "S", ids=Ids(contact_id=7, enrolment_id="e-1")),
        Outcome("delivered", "send_sms", "S", ids=Ids()),
        Outcome("in_doubt", "send_sms", "S", "no response", refusal=Refusal(500, "code", 1.5)),
        Outcome("in_doubt", "send_sms", "S", "a function broke in the middle of this send"),
        Outcome("rejected", "send_sms", "S", "the fields are not right", {"to": "is required"}),
    ],
)
def test_an_outcome_is_read_back_from_its_json(outcome: Outcome) -> None:
    assert Outcome.of_json(json.loads(json.dumps(outcome.as_json()))) == outcome


def outcome(**fields: str) -> Outcome:
    """A rejected outcome with reasons by field."""
    return Outcome("rejected", "add_contact_to_list", "S", "the fields are not right", fields)


def test_names_that_the_account_does_not_have_are_counted() -> None:
    three = {f"dataFields.{name}": NOT_OF_THE_ACCOUNT for name in ("PRIYA", "KIM", "SHOE")}
    told = outcome(listId="is required", **three)
    assert told.known_fields == {"listId": "is required"}
    assert told.unknown_fields == "3 data fields that the account does not have"


def test_one_is_one() -> None:
    assert outcome(**{"dataFields.PRIYA": NOT_OF_THE_ACCOUNT}).unknown_fields == (
        "1 data field that the account does not have"
    )


def test_known_names_are_told() -> None:
    told = outcome(**{"dataFields.POINTS": "must be a number"})
    assert (told.known_fields, told.unknown_fields) == ({"dataFields.POINTS": "must be a number"}, None)


def test_a_code_that_is_not_dotdigitals_is_not_shown() -> None:
    refused = Outcome("rejected", "send_sms", "S", refusal=Refusal(400, "Priya"))
    assert refused.shown_dotdigital == {"status": 400, "code": "(other)"}
    assert Outcome("delivered", "send_sms", "S", ids=Ids(contact_id=7)).shown_dotdigital == {"contactId": 7}
    assert Outcome("delivered", "send_sms", "S").shown_dotdigital == {}

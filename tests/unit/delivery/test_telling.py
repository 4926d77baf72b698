"""What is told of an outcome where anybody may read it."""

from delivery.fields.data_fields import NOT_OF_THE_ACCOUNT
from delivery.outcome import Outcome, known_fields, shown_answer, unknown_fields


def outcome(**fields: str) -> Outcome:
    """A rejected outcome with reasons by field."""
    return Outcome("rejected", "add_contact_to_list", "S", "the fields are not right", fields)


def test_names_that_the_account_does_not_have_are_counted() -> None:
    three = {f"dataFields.{name}": NOT_OF_THE_ACCOUNT for name in ("PRIYA", "KIM", "SHOE")}
    told = outcome(listId="is required", **three)
    assert known_fields(told) == {"listId": "is required"}
    assert unknown_fields(told) == "3 data fields that the account does not have"


def test_one_is_one() -> None:
    assert unknown_fields(outcome(**{"dataFields.PRIYA": NOT_OF_THE_ACCOUNT})) == (
        "1 data field that the account does not have"
    )


def test_known_names_are_told() -> None:
    told = outcome(**{"dataFields.POINTS": "must be a number"})
    assert (known_fields(told), unknown_fields(told)) == ({"dataFields.POINTS": "must be a number"}, None)


def test_an_answer_is_shown_with_its_ids_and_a_code_of_dotdigitals() -> None:
    answered = {"status": 400, "code": "Priya", "contactId": 7}
    assert shown_answer(Outcome("rejected", "send_sms", "S", dotdigital=answered)) == answered | {"code": "(other)"}
    assert shown_answer(Outcome("delivered", "send_sms", "S")) == {}

import json

import pytest

from delivery.fields.data_fields import NOT_OF_THE_ACCOUNT
from delivery.outcome import Ids, Outcome, Refusal

NOT_RIGHT = "the fields are not right"


@pytest.mark.parametrize(
    ("outcome", "written"),
    [
        (Outcome("delivered", "send_sms", "S", ids=Ids()), {"dotdigital": {}}),
        (
            Outcome("delivered", "send_sms", "S", ids=Ids(7, enrolment_id="e")),
            {"dotdigital": {"contactId": 7, "enrolmentId": "e"}},
        ),
        (Outcome("in_doubt", "send_sms", "S", "a function broke"), {"reason": "a function broke"}),
        (
            Outcome("in_doubt", "send_sms", "S", "no response", refusal=Refusal(500, "code", 1.5)),
            {"reason": "no response", "dotdigital": {"status": 500, "code": "code", "retryAfter": 1.5}},
        ),
        (
            Outcome("rejected", "send_sms", "S", "no", {"to": "is required"}, refusal=Refusal(400)),
            {"reason": "no", "fields": {"to": "is required"}, "dotdigital": {"status": 400}},
        ),
    ],
)
def test_what_is_known_is_json_and_is_read_back(outcome: Outcome, written: dict[str, object]) -> None:
    content = json.loads(json.dumps(outcome.as_json()))
    assert content == {"outcome": outcome.outcome, "action": "send_sms", "subscription": "S"} | written
    assert Outcome.of_json(content) == outcome


@pytest.mark.parametrize(
    ("names", "unknown"),
    [
        ([], None),
        (["PRIYA"], "1 data field that the account does not have"),
        (["PRIYA", "KIM", "SHOE"], "3 data fields that the account does not have"),
    ],
)
def test_known_names_are_told_and_names_that_the_account_does_not_have_are_counted(
    names: list[str], unknown: str | None
) -> None:
    known = {"listId": "is required", "dataFields.POINTS": "must be a number"}
    fields = known | {f"dataFields.{name}": NOT_OF_THE_ACCOUNT for name in names}
    told = Outcome("rejected", "add_contact_to_list", "S", NOT_RIGHT, fields)
    assert (told.known_fields, told.unknown_fields) == (known, unknown)


def test_a_code_that_is_not_dotdigitals_is_not_shown() -> None:
    refused = Outcome("rejected", "send_sms", "S", refusal=Refusal(400, "Priya"))
    assert refused.shown_dotdigital == {"status": 400, "code": "(other)"}
    assert Outcome("delivered", "send_sms", "S", ids=Ids(contact_id=7)).shown_dotdigital == {"contactId": 7}
    assert Outcome("delivered", "send_sms", "S").shown_dotdigital == {}

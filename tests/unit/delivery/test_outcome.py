import json

from delivery.fields.payload import PayloadError
from delivery.outcome import Outcome, Skipped


def test_what_is_not_known_is_left_out() -> None:
    assert Outcome("delivered", "send_sms", "Texts").as_json() == {
        "outcome": "delivered",
        "action": "send_sms",
        "subscription": "Texts",
    }


def test_all_that_is_known_is_json() -> None:
    error = PayloadError({"to": "is required"})
    outcome = Outcome("rejected", "send_sms", "Texts", "no", error.fields, {"status": 400})
    assert json.loads(json.dumps(outcome.as_json())) == {
        "outcome": "rejected",
        "action": "send_sms",
        "subscription": "Texts",
        "reason": "no",
        "fields": {"to": "is required"},
        "dotdigital": {"status": 400},
    }


def test_what_was_skipped_says_why() -> None:
    assert Skipped("nothing to do").reason == "nothing to do"

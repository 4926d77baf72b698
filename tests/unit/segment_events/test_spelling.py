import pytest

from segment_events.spelling import did_you_mean

CHOICES = ("sendSms", "send_sms", "sendTransactionalSms", "emailIdentifier")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("sendSmss", "; did you mean sendSms?"),
        ("SENDSMS", "; did you mean sendSms?"),
        ("emailIdentifer", "; did you mean emailIdentifier?"),
        ("email_identifier", "; did you mean emailIdentifier?"),
        ("sendFax", ""),
        ("", ""),
    ],
)
def test_the_word_that_is_most_like_it_or_none(word: str, expected: str) -> None:
    assert did_you_mean(word, CHOICES) == expected

import pytest

from dotdigital import AccountRefusesError, DotdigitalError, InDoubtError, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

NUMBER = "447700900123"
PATH = f"/v2/sms-messages/send-to/{NUMBER}"


@pytest.mark.parametrize("message", ["Hello", "Grüße 👋\n{{x}} \"'<b>&", " "])
def test_a_message_goes_to_the_number_as_it_is(server: DotdigitalServer, message: str) -> None:
    server.answers(204)
    server.client().sms.send(NUMBER, message)
    assert server.sent == [Sent("POST", PATH, "", {"message": message})]


@pytest.mark.parametrize("number", ["", ".", ".."])
def test_a_number_that_is_none_reaches_no_path(server: DotdigitalServer, number: str) -> None:
    with pytest.raises(RejectedError, match="an identifier must have 1 to 256 characters"):
        server.client().sms.send(number, "Hello")
    assert server.sent == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "ERROR_SMS_INVALIDPHONENUMBER", RejectedError),
        (400, "ERROR_SMS_SENDNOTPERMITTED", AccountRefusesError),
        (503, None, InDoubtError),
    ],
)
def test_a_refusal_is_told(
    server: DotdigitalServer, status: int, code: str | None, kind: type[DotdigitalError]
) -> None:
    server.answers(status, {"message": f"Error: {code}"})
    with pytest.raises(kind) as caught:
        server.client().sms.send(NUMBER, "Hello")
    assert (caught.type, caught.value.status, caught.value.code) == (kind, status, code)
    assert len(server.sent) == 1

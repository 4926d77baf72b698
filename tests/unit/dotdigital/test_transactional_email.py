from dataclasses import replace
from typing import Any

import pytest

from dotdigital import CredentialsRefusedError, DotdigitalError, Email, InDoubtError, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

EMAIL = Email(sender="Shop <shop@example.com>", to=("jane@example.com",), subject="Hi", html="<p>Hi</p>")
BODY = {
    "ToAddresses": ["jane@example.com"],
    "CCAddresses": [],
    "BCCAddresses": [],
    "Subject": "Hi",
    "FromAddress": "Shop <shop@example.com>",
    "HtmlContent": "<p>Hi</p>",
}
SWITCH_ON = "Transactional e-mail must be switched on for the account: ask Dotdigital to"


@pytest.mark.parametrize(
    ("email", "change"),
    [
        (EMAIL, {}),
        (replace(EMAIL, to=("a@example.com", "b@example.com")), {"ToAddresses": ["a@example.com", "b@example.com"]}),
        (replace(EMAIL, cc=("c@example.com",)), {"CCAddresses": ["c@example.com"]}),
        (replace(EMAIL, bcc=("d@example.com",)), {"BCCAddresses": ["d@example.com"]}),
        (replace(EMAIL, plain_text="Hi"), {"PlainTextContent": "Hi"}),
        (replace(EMAIL, plain_text=""), {}),
        (replace(EMAIL, subject="Grüße 👋"), {"Subject": "Grüße 👋"}),
    ],
)
def test_an_e_mail_goes_as_it_is(server: DotdigitalServer, email: Email, change: dict[str, Any]) -> None:
    server.answers(200)
    server.client().transactional_email.send(email)
    assert server.sent == [Sent("POST", "/v2/email", "", BODY | change)]


def test_an_e_mail_to_nobody_is_not_sent(server: DotdigitalServer) -> None:
    with pytest.raises(RejectedError, match="an e-mail must have somebody to go to"):
        server.client().transactional_email.send(replace(EMAIL, to=(), cc=("c@example.com",)))
    assert server.sent == []


@pytest.mark.parametrize(
    ("status", "message", "kind", "description"),
    [
        (400, "Error: ERROR_FEATURENOTACTIVE", RejectedError, f"Error: ERROR_FEATURENOTACTIVE. {SWITCH_ON}"),
        (400, "ToAddresses field is invalid. ERROR_PARAMETER_INVALID", RejectedError, None),
        (
            403,
            "Forbidden",
            CredentialsRefusedError,
            f"Forbidden. {SWITCH_ON}; check that region is the account's own and that the API user may do this",
        ),
        (500, "An error has occurred.", InDoubtError, None),
    ],
)
def test_a_refusal_is_told(
    server: DotdigitalServer, status: int, message: str, kind: type[DotdigitalError], description: str | None
) -> None:
    server.answers(status, {"message": message})
    with pytest.raises(kind) as caught:
        server.client().transactional_email.send(EMAIL)
    assert (caught.type, caught.value.status, caught.value.description) == (kind, status, description or message)
    assert len(server.sent) == 1

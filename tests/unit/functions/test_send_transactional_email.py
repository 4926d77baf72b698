from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import deliver, delivered, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "send_transactional_email"
PAYLOAD = {
    "fromAddress": "orders@example.com",
    "toAddresses": "noor@example.com",
    "subject": "Your quilt",
    "htmlContent": "<p>Warm &amp; ready</p>",
}
BODY = {
    "ToAddresses": ["noor@example.com"],
    "CCAddresses": [],
    "BCCAddresses": [],
    "Subject": "Your quilt",
    "FromAddress": "orders@example.com",
    "HtmlContent": "<p>Warm &amp; ready</p>",
}
LIST_FORM = "must be 1 to 100 e-mail addresses, separated by commas"
SENDER_FORM = "must be one e-mail address with or without a name, such as Noor <noor@example.com>"


def send(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


@pytest.mark.parametrize(
    ("differences", "body", "recipients"),
    [
        ({}, {}, 1),
        ({"plainTextContent": "Warm"}, {"PlainTextContent": "Warm"}, 1),
        ({"plainTextContent": " ", "ccAddresses": None, "bccAddresses": ""}, {}, 1),
        ({"fromAddress": "Quilts <orders@example.com>"}, {"FromAddress": "Quilts <orders@example.com>"}, 1),
        (
            {"toAddresses": '"Hara, Noor" <noor@example.com>, Noór <lea@example.com>,'},
            {"ToAddresses": ["noor@example.com", "lea@example.com"]},
            2,
        ),
        (
            {"ccAddresses": "a@example.com", "bccAddresses": "b@example.com,c@example.com"},
            {"CCAddresses": ["a@example.com"], "BCCAddresses": ["b@example.com", "c@example.com"]},
            4,
        ),
        ({"subject": 2024}, {"Subject": "2024"}, 1),
        ({"subject": "Größe: 38 \u00a0 🧵"}, {"Subject": "Größe: 38 \u00a0 🧵"}, 1),
    ],
)
def test_an_email_goes_as_the_mapping_says(
    server: DotdigitalServer, differences: dict[str, Any], body: dict[str, Any], recipients: int
) -> None:
    server.responds(200)
    assert send(server, **differences) == delivered(ACTION, recipients=recipients)
    assert server.sent == [Sent("POST", "/v2/email", "", {**BODY, **body})]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("fromAddress", None, "is required"),
        ("toAddresses", "", "is required"),
        ("subject", "\u00a0", "is required"),
        ("htmlContent", " ", "is required"),
        ("fromAddress", "orders", SENDER_FORM),
        ("fromAddress", "Quilts\r\nBcc: lea@example.com <orders@example.com>", SENDER_FORM),
        ("toAddresses", "noor@example.com,lea", f"{LIST_FORM}; address 2 is not one"),
        ("ccAddresses", "a\r\nb@example.com", f"{LIST_FORM}; address 1 is not one"),
        ("bccAddresses", ",", f"{LIST_FORM}, and has 0"),
        ("subject", ["a", "b"], "must be text"),
        ("htmlContent", {}, "must be text"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    assert send(server, **{field: value}) == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("subject", ["Hi{}Bcc: lea@example.com", "Hi{}", "{}Hi"])
def test_a_subject_begins_no_header(server: DotdigitalServer, subject: str, line_break: str) -> None:
    reason = "must be one line, without line breaks"
    assert send(server, subject=subject.format(line_break)) == wrong_fields(ACTION, subject=reason)
    assert server.sent == []


def test_a_send_that_broke_is_in_doubt(server: DotdigitalServer) -> None:
    server.responds(503)
    assert send(server).outcome == "in_doubt"

import hmac
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from dev.local_cloud.deployment import Stack
from dev.local_cloud.live import Told
from dev.local_cloud.replay import Result, Row
from dev.local_cloud.report import (
    TABLE_WIDTH,
    print_addresses,
    print_row,
    print_summary,
    print_told,
    results_table,
    step,
)

SENT = Result("delivered", ("POST /v2/sms-messages/send-to/447911123456",))
API = "http://127.0.0.1:34567/_aws/execute-api/a1b2c3d4e5/local"


def lines(print_to: Callable[[Console], None], width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_to(console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_an_event_is_two_lines_what_became_of_it_and_what_dotdigital_got() -> None:
    row = Row("Send SMS", "send_sms", "api_gateway", SENT, SENT)
    assert lines(lambda console: print_row(console, row)) == [
        "✓ send_sms                 api_gateway delivered  Send SMS",
        "  POST /v2/sms-messages/send-to/447911123456",
    ]


def test_an_event_that_ended_otherwise_says_what_was_expected() -> None:
    row = Row("Send SMS", "send_sms", "direct", SENT, Result("skipped", ()))
    assert lines(lambda console: print_row(console, row)) == [
        "✗ send_sms                 direct      skipped  Send SMS",
        "  nothing",
        "  expected delivered and POST /v2/sms-messages/send-to/447911123456",
    ]


def test_every_line_of_an_event_fits_a_terminal() -> None:
    many = Result("8 delivered, 1 skipped", ("PATCH /contacts/v3/email/grace%40example.com",) * 3)
    row = Row("A name that goes on and on", "remove_contact_from_list", "eventbridge", many, many)
    printed = lines(lambda console: print_row(console, row))
    assert (len(printed), max(map(len, printed))) == (2, 80)


def test_the_table_has_every_request_and_what_was_expected() -> None:
    row = Row("Send SMS", "send_sms", "direct", SENT, Result("skipped", ("GET /one", "GET /two")))
    printed = lines(lambda console: console.print(results_table([row])), TABLE_WIDTH)
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed if line.startswith("│")]
    assert cells == [
        ["Send SMS", "direct", "send_sms", "skipped", "GET /one"],
        ["", "", "", "", "GET /two"],
        ["", "", "", "", "expected delivered and POST /v2/sms-messages/send-to/447911123456"],
    ]


def test_how_many_ended_as_expected_is_told() -> None:
    rows = [Row("Send SMS", "send_sms", "direct", SENT, seen) for seen in (SENT, Result("skipped", ()))]
    assert lines(lambda console: print_summary(console, rows)) == [
        "1 of 2 events ended as events/expectations.json says."
    ]


@pytest.mark.parametrize(
    ("told", "printed"),
    [
        (
            Told("delivered", "send_sms", "m-1 for Send SMS"),
            ["delivered send_sms                 m-1 for Send SMS"],
        ),
        (
            Told("rejected", "send_sms", "m-1 for Send SMS", "fields: to"),
            ["rejected  send_sms                 m-1 for Send SMS", "          fields: to"],
        ),
    ],
)
def test_what_a_function_tells_is_a_line_and_one_for_the_reason(told: Told, printed: list[str]) -> None:
    assert lines(lambda console: print_told(console, told)) == printed


def test_the_request_to_try_is_signed_and_addresses_fit_a_terminal() -> None:
    stack = Stack("http://127.0.0.1:34567", {"ApiId": "a1b2c3d4e5"})
    printed = lines(lambda console: print_addresses(console, stack, "http://127.0.0.1:8080", "http://127.0.0.1:9090"))
    sample = "events/add_contact_to_list/direct.json"
    signature = hmac.new(b"local-shared-secret", Path(sample).read_bytes(), "sha1").hexdigest()
    curl = printed.index("curl -H 'Content-Type: application/json' \\")
    assert printed[curl + 1 : curl + 4] == [
        f"  -H 'X-Signature: {signature}' \\",
        f"  --data-binary @{sample} \\",
        f"  {API}/segment",
    ]
    assert printed[1:3] == [f"Webhook     {API}/segment", f"API         {API}"]
    assert max(map(len, printed)) <= 80


def test_a_step_is_one_plain_line_where_there_is_no_terminal() -> None:
    def build(console: Console) -> None:
        with step(console, "Building") as show:
            show("1 of 2")

    [printed] = lines(build)
    assert re.fullmatch(r"Building: \d+\.\d s", printed)

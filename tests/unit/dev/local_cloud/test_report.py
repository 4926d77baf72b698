import hmac
import io
import re
from pathlib import Path

from rich.console import Console

from dev.local_cloud.deployment import Stack
from dev.local_cloud.replay import Result, Row
from dev.local_cloud.report import print_addresses, print_results, step

SENT = Result("delivered", ("POST /v2/sms-messages/send-to/447911123456",))


def _console() -> Console:
    return Console(file=io.StringIO(), width=160, highlight=False)


def _text(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_table_says_what_became_of_an_event_and_what_dotdigital_got() -> None:
    console = _console()
    print_results(console, [Row("Send SMS", "send_sms", "direct", SENT, SENT)])
    row = next(line for line in _text(console).splitlines() if "Send SMS" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == [
        "Send SMS",
        "direct",
        "send_sms",
        "delivered",
        "POST /v2/sms-messages/send-to/447911123456",
    ]
    assert "1 of 1 events ended as events/expectations.json says." in _text(console)


def test_an_event_that_ended_otherwise_says_what_was_expected() -> None:
    console = _console()
    print_results(console, [Row("Send SMS", "send_sms", "direct", SENT, Result("skipped", ()))])
    text = _text(console)
    row = next(line for line in text.splitlines() if "Send SMS" in line)
    assert [cell.strip() for cell in row.split("│")[-3:-1]] == ["skipped", "nothing"]
    assert "expected delivered and POST /v2/sms-messages/send-to/447911123456" in text
    assert "0 of 1 events ended" in text


def test_the_curl_lines_to_try_are_signed_and_stay_on_one_line() -> None:
    console = _console()
    stack = Stack("http://127.0.0.1:4566", {"ApiId": "a1b2c3d4"})
    print_addresses(console, stack, "http://127.0.0.1:8080", "http://127.0.0.1:9090")
    sample = "events/add_contact_to_list/direct.json"
    signature = hmac.new(b"local-shared-secret", Path(sample).read_bytes(), "sha1").hexdigest()
    curl = f"curl -H 'Content-Type: application/json' -H 'X-Signature: {signature}' --data-binary @{sample}"
    api = "http://127.0.0.1:4566/_aws/execute-api/a1b2c3d4/local"
    lines = _text(console).splitlines()
    assert f"{curl} {api}/segment" in lines
    assert any("http://127.0.0.1:9090/preview" in line for line in lines)
    assert f"{curl} {api}/actions/add-contact-to-list" in lines


def test_a_step_is_one_plain_line_where_there_is_no_terminal() -> None:
    console = _console()
    with step(console, "Building"):
        pass
    assert re.fullmatch(r"Building: \d+\.\d s\n", _text(console))

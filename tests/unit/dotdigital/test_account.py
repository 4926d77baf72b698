from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from dotdigital import REGIONS, Account, AccountInfo, base_url_of
from tests.support.dotdigital_server import DotdigitalServer, Sent


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("r1", "https://r1-api.dotdigital.com"),
        ("r2", "https://r2-api.dotdigital.com"),
        ("r3", "https://r3-api.dotdigital.com"),
    ],
)
@pytest.mark.parametrize("override", [None, ""])
def test_a_region_has_its_address(region: str, url: str, override: str | None) -> None:
    assert base_url_of(region, override) == url


@pytest.mark.parametrize("region", ["", "r4", "R1", "r1 ", "r1-api.evil.com/"])
def test_another_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="region must be one of r1, r2, r3"):
        base_url_of(region)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "http://LOCALHOST:8080",
        "http://127.0.0.1:8080",
        "http://127.255.255.254:65535",
        "https://127.0.0.1:443",
        "http://[::1]:8080",
    ],
)
@pytest.mark.parametrize("end", ["", "/"])
def test_loopback_stands_in_for_any_region(url: str, end: str) -> None:
    assert base_url_of("r2", url + end) == url


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://sandbox.example.com:8080", "sandbox.example.com"),
        ("https://Sandbox.example.com", "sandbox.EXAMPLE.com"),
        ("http://172.17.0.1:8080", "172.17.0.1"),
        ("http://[fd00::2]:8080", "fd00::2"),
        ("http://dotdigital_sandbox:8080", "dotdigital_sandbox"),
    ],
)
def test_the_allowed_host_stands_in_too(url: str, allowed: str) -> None:
    assert base_url_of("r1", url, allowed) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.com",
        "https://r1-api.dotdigital.com.evil.com",
        "http://localhost.evil.com",
        "http://localhost.",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://0x7f.1",
        "http://[::ffff:1.2.3.4]",
    ],
)
@pytest.mark.parametrize("allowed", [None, "", "sandbox.example.com"])
def test_another_host_is_refused(url: str, allowed: str | None) -> None:
    with pytest.raises(ValueError, match="only a loopback address, or the host named in DOTDIGITAL_BASE_URL_ALLOWED"):
        base_url_of("r1", url, allowed)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost@evil.com",
        "http://user:hunter2@127.0.0.1",
        "http://evil.com#@127.0.0.1",
        "http://evil.com?@127.0.0.1",
        "http://evil.com\\@127.0.0.1",
        "http://127.0.0.1/v2",
        "http://127.0.0.1?x",
        "http://127.0.0.1#x",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:",
        "http://",
        "//127.0.0.1",
        "ftp://127.0.0.1",
        "HTTP+x://127.0.0.1",
        "http://127.0.0.1\n",
        "http://127.0.0.1 .evil.com",
        "http://[::1%25eth0]",
        "http://\uff11\uff12\uff17.0.0.1",
    ],
)
@pytest.mark.parametrize("allowed", [None, "", "evil.com"])
def test_what_parsers_may_read_in_two_ways_is_refused_without_being_shown(url: str, allowed: str | None) -> None:
    with pytest.raises(ValueError, match="it must be http:// or https://, a host and perhaps a port") as caught:
        base_url_of("r1", url, allowed)
    assert "hunter2" not in str(caught.value)


@given(st.text() | st.from_regex(r"https?://[a-z0-9.:@\\/#?\[\]]*", fullmatch=True))
def test_no_text_leads_the_http_library_to_another_host(text: str) -> None:
    try:
        url = base_url_of("r1", text)
    except ValueError:
        return
    host = parse_url(url).host or ""
    assert url == REGIONS["r1"] or host == "localhost" or ip_address(host.strip("[]")).is_loopback


def test_an_account_shows_no_credentials() -> None:
    account = Account("https://r1-api.dotdigital.com", "apiuser-1@apiconnector.com", "hunter2", "token-1")
    assert repr(account) == "Account(base_url='https://r1-api.dotdigital.com')"


VALUES = {
    "Name": "Quilt Corner",
    "ApiEndpoint": "https://r2-api.dotdigital.com/",
    "ApiCallsInLastHour": "15",
    "ApiCallsRemaining": "1985",
    "AvailableEmailSendsCredits": "5000",
    "AvailableSmsSendsCredits": "12.50",
    "ShowClock": "False",
}
INFO = AccountInfo(4711, "Quilt Corner", "https://r2-api.dotdigital.com", 15, 1985, 5000, 12)


def answer(values: dict[str, Any]) -> dict[str, Any]:
    return {"id": 4711, "properties": [{"name": name, "type": "X", "value": value} for name, value in values.items()]}


def test_what_the_account_says_of_itself(server: DotdigitalServer) -> None:
    server.answers(200, answer(VALUES))
    assert server.client().account_info() == INFO
    assert server.sent == [Sent("GET", "/v2/account-info")]


@pytest.mark.parametrize("body", [answer({}), {"id": 4711}, {"id": 4711, "properties": [None, {"name": 5}, {}]}])
def test_what_it_does_not_say_is_empty(server: DotdigitalServer, body: Any) -> None:
    server.answers(200, body)
    assert server.client().account_info() == AccountInfo(4711, "", "", None, None, None, None)


@pytest.mark.parametrize("value", ["", "many", "nan", "1e999", None, 15])
def test_an_odd_number_is_none(server: DotdigitalServer, value: Any) -> None:
    server.answers(200, answer({**VALUES, "ApiCallsRemaining": value}))
    assert server.client().account_info().calls_remaining is None

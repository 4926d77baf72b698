from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from dotdigital import REGIONS, Account, AccountCheck, AccountInfo, Dotdigital, base_url_of, check_account
from dotdigital.errors import UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent

OTHER_HOSTS = """
    http://evil.com http://localhost.evil.com https://r1-api.dotdigital.com.evil.com http://[::ffff:1.2.3.4]
    http://localhost. http://128.0.0.1 http://0.0.0.0 http://0x7f.1
"""
READ_IN_TWO_WAYS = """
    http://localhost@evil.com http://user:hunter2@127.0.0.1 http://evil.com#@127.0.0.1 http://evil.com?@127.0.0.1
    http://evil.com\\@127.0.0.1 http://127.0.0.1/v2 http://127.0.0.1?x http://127.0.0.1#x http://127.0.0.1:65536
    http://127.0.0.1: http:// //127.0.0.1 ftp://127.0.0.1 HTTP+x://127.0.0.1 http://[::1%25eth0]
    http://\uff11\uff12\uff17.0.0.1
"""


@pytest.mark.parametrize("region", ["r1", "r2", "r3"])
def test_a_region_has_its_address(region: str) -> None:
    assert base_url_of(region) == base_url_of(region, "") == f"https://{region}-api.dotdigital.com"


@pytest.mark.parametrize("region", ["", "r4", "R1", "r1 ", "r1-api.evil.com/"])
def test_another_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="region must be one of r1, r2, r3"):
        base_url_of(region)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://localhost", None),
        ("http://LOCALHOST:8080", None),
        ("http://127.0.0.1:8080", ""),
        ("http://127.255.255.254:65535", "sandbox.example.com"),
        ("https://127.0.0.1:443", None),
        ("http://[::1]:8080", None),
        ("http://sandbox.example.com:8080", "sandbox.example.com"),
        ("https://Sandbox.example.com", "sandbox.EXAMPLE.com"),
        ("http://172.17.0.1:8080", "172.17.0.1"),
        ("http://[fd00::2]:8080", "fd00::2"),
        ("http://dotdigital_sandbox:8080", "dotdigital_sandbox"),
    ],
)
def test_loopback_and_the_allowed_host_stand_in_for_any_region(url: str, allowed: str | None) -> None:
    assert base_url_of("r2", url, allowed) == base_url_of("r2", f"{url}/", allowed) == url


@pytest.mark.parametrize("url", OTHER_HOSTS.split())
@pytest.mark.parametrize("allowed", [None, "", "sandbox.example.com"])
def test_another_host_is_refused(url: str, allowed: str | None) -> None:
    with pytest.raises(ValueError, match="only a loopback address, or the host named in DOTDIGITAL_BASE_URL_ALLOWED"):
        base_url_of("r1", url, allowed)


@pytest.mark.parametrize("url", [*READ_IN_TWO_WAYS.split(), "http://127.0.0.1\n", "http://127.0.0.1 .evil.com"])
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
NOTHING = AccountInfo(4711, "", "", None, None, None, None)


@pytest.mark.parametrize(
    ("properties", "info"),
    [
        ([{"name": name, "type": "X", "value": value} for name, value in VALUES.items()], INFO),
        *(([{"name": "ApiCallsRemaining", "value": odd}], NOTHING) for odd in (15, "", "many", "nan", "1e999", None)),
        ([None, {"name": 5}, {}], NOTHING),
        (None, NOTHING),
    ],
)
def test_what_the_account_says_of_itself(
    dotdigital: Dotdigital, server: DotdigitalServer, properties: Any, info: AccountInfo
) -> None:
    server.responds((200, {"id": 4711, "properties": properties}))
    assert dotdigital.account_info() == info
    assert server.sent == [Sent("GET", "/v2/account-info")]


R1, R2 = "https://r1-api.dotdigital.com/", "https://r2-api.dotdigital.com"
NO_RIGHT = "Dotdigital answers 403: the API user may not do this, or the account is not in {}"
NO_REGIONS = ["", "https://sandbox.example.com", "https://[r3", "r3-api.dotdigital.com.evil.com"]
REFUSED = "Dotdigital refuses username or password", "put those of an API user (Settings > Access > API users)"


def info(endpoint: str) -> AccountInfo:
    return AccountInfo(4711, "", endpoint.rstrip("/"), None, None, None, None)


def elsewhere(used: str, endpoint: str, region: str) -> AccountCheck:
    """An account that was found in another region than the one that is used."""
    problem = f"the account is in {region}, not in {used}"
    return AccountCheck(used, info(endpoint), region, problem, f"put {region} as region in the secret")


def refused(used: str, *why: str) -> AccountCheck:
    problem, advice = why or (NO_RIGHT.format(used), "its regions are r1, r2, r3")
    return AccountCheck(used, None, None, problem, advice)


def check(server: DotdigitalServer, region: str | None, *responses: int | str) -> tuple[AccountCheck, list[str]]:
    """Check an account, by responses with a status or an endpoint, and give the regions that were requested."""
    for response in responses:
        properties = [{"name": "ApiEndpoint", "value": response}]
        server.responds(response if isinstance(response, int) else (200, {"id": 4711, "properties": properties}))
    requested: list[str] = []

    def info_of(region: str) -> AccountInfo:
        requested.append(region)
        return server.client().account_info()

    return check_account(region, info_of), requested


IN_R2 = [R2, f"{R2}/", "https://R2-API.dotdigital.com", *NO_REGIONS]
UNKNOWN = [R2, "https://r2.example.com", "", 401, 403, 429, 500]


@pytest.mark.parametrize(
    ("region", "responses", "found", "requested"),
    [
        *(("r2", [endpoint], AccountCheck("r2", info(endpoint), "r2"), ["r2"]) for endpoint in IN_R2),
        ("r1", [R2], elsewhere("r1", R2, "r2"), ["r1"]),
        # Without a region r1 says which it is.
        (None, [R1], AccountCheck("r1", info(R1), "r1"), ["r1"]),
        (None, [R2], AccountCheck("r2", info(R2), "r2"), ["r1"]),
        (None, [NO_REGIONS[1]], AccountCheck("r1", info(NO_REGIONS[1]), "r1"), ["r1"]),
        # r1 knows where an account is that another region refuses, or names none.
        ("r3", [403, R1], elsewhere("r3", R1, "r1"), ["r3", "r1"]),
        *(("r2", [403, each], refused("r2"), ["r2", "r1"]) for each in UNKNOWN),
        ("r1", [403], refused("r1"), ["r1"]),
        ("r2", [401], refused("r2", *REFUSED), ["r2"]),
        (None, [401], refused("r1", *REFUSED), ["r1"]),
    ],
)
def test_what_is_wrong_with_credentials_or_region_is_told(
    server: DotdigitalServer, region: str | None, responses: list[int | str], found: AccountCheck, requested: list[str]
) -> None:
    assert check(server, region, *responses) == (found, requested)


def test_an_account_that_does_not_answer_is_not_judged(server: DotdigitalServer) -> None:
    with pytest.raises(UnavailableError):
        check(server, "r2", 500)

"""An account: the base URL of its region, the API user, what the account says of itself, and whether both are right.

A wrong region answers 403, but r1 answers account-info for every account, and account-info names the account's own
endpoint. So the region can be found.
https://developer.dotdigital.com/docs/api-conventions
https://developer.dotdigital.com/reference/get-account-information
"""

import ipaddress
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Self
from urllib.parse import urlsplit

from dotdigital.errors import CredentialsRefusedError, DotdigitalError
from dotdigital.http_messages import Response

REGIONS = {
    "r1": "https://r1-api.dotdigital.com",
    "r2": "https://r2-api.dotdigital.com",
    "r3": "https://r3-api.dotdigital.com",
}
_KNOWS_ALL: Final = "r1"
_HOSTS: Final = {urlsplit(url).hostname: region for region, url in REGIONS.items()}
_REFUSED: Final = "Dotdigital refuses username or password", "put those of an API user (Settings > Access > API users)"
_PLAIN_URL: Final = re.compile(r"https?://(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?/?")
_LAST_PORT: Final = 65_535


@dataclass(frozen=True)
class Account:
    """An API user of a Dotdigital account and the base URL of its region."""

    base_url: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    integration_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class AccountInfo:
    """What an account says of itself. Numbers that Dotdigital did not give are None, texts "".

    `api_endpoint` is the base URL of its region. The calls are those of the flat hourly limit.
    """

    id: int
    name: str
    api_endpoint: str
    calls_in_last_hour: int | None
    calls_remaining: int | None
    email_credits: int | None
    sms_credits: int | None

    @classmethod
    def read(cls, response: Response) -> Self:
        """Read a response of v2/account-info. Raises UnavailableError where it has no id."""
        account_id, info = response.with_id("id")
        values = {each.text("name"): each.text("value") for each in info.objects("properties")}
        return cls(
            id=account_id,
            name=values.get("Name", ""),
            api_endpoint=values.get("ApiEndpoint", "").rstrip("/"),
            calls_in_last_hour=_whole(values.get("ApiCallsInLastHour", "")),
            calls_remaining=_whole(values.get("ApiCallsRemaining", "")),
            email_credits=_whole(values.get("AvailableEmailSendsCredits", "")),
            sms_credits=_whole(values.get("AvailableSmsSendsCredits", "")),
        )


@dataclass(frozen=True)
class AccountCheck:
    """What was found: the account where it could be read, its region where that is known.

    `problem` says what is wrong, `advice` what to do about it.
    """

    region_used: str
    info: AccountInfo | None = None
    region: str | None = None
    problem: str | None = None
    advice: str | None = None


def check_account(region: str | None, info_of: Callable[[str], AccountInfo]) -> AccountCheck:
    """Check whether `region` is the account's own and its credentials are right; without a region, find it.

    `info_of` requests account-info in a region. Raises DotdigitalError but for credentials that are refused.
    """
    asked = region or _KNOWS_ALL
    try:
        info = info_of(asked)
    except CredentialsRefusedError as error:
        if error.status != HTTPStatus.FORBIDDEN:
            return AccountCheck(asked, None, None, *_REFUSED)
        return _elsewhere(asked, info_of)
    found = _region_of(info) or asked
    return _compared(region or found, info, found)


def _elsewhere(region: str, info_of: Callable[[str], AccountInfo]) -> AccountCheck:
    try:
        info = None if region == _KNOWS_ALL else info_of(_KNOWS_ALL)
    except DotdigitalError:
        info = None
    found = _region_of(info) if info else None
    if not info or found in (None, region):
        problem = f"Dotdigital answers 403: the API user may not do this, or the account is not in {region}"
        return AccountCheck(region, None, None, problem, f"its regions are {', '.join(REGIONS)}")
    return _compared(region, info, found)


def _compared(region: str, info: AccountInfo, found: str | None) -> AccountCheck:
    if found == region:
        return AccountCheck(region, info, found)
    problem = f"the account is in {found}, not in {region}"
    return AccountCheck(region, info, found, problem, f"put {found} as region in the secret")


def _region_of(info: AccountInfo) -> str | None:
    try:
        return _HOSTS.get(urlsplit(info.api_endpoint).hostname)
    except ValueError:
        return None


def base_url_of(region: str, override: str | None = None, allowed_host: str | None = None) -> str:
    """Return the base URL of `region`, or `override`, for tests and the sandbox.

    An override takes the credentials somewhere else, so it is refused unless its host is loopback or is
    `allowed_host`. Raises ValueError.
    """
    if override:
        host = _host_of(override)
        if not _is_loopback(host) and host != (allowed_host or "").lower():
            raise ValueError(
                "it is refused: only a loopback address, or the host named in DOTDIGITAL_BASE_URL_ALLOWED_HOST, may "
                "stand in for Dotdigital"
            )
        return override.rstrip("/")
    if region not in REGIONS:
        raise ValueError(f"region must be one of {', '.join(REGIONS)}, not {region!r}")
    return REGIONS[region]


def _host_of(url: str) -> str:
    # Only what every parser of URLs reads alike: no user, no path, no backslash.
    parts = _PLAIN_URL.fullmatch(url)
    if not parts or int(parts["port"] or 0) > _LAST_PORT:
        raise ValueError("it must be http:// or https://, a host and perhaps a port, and nothing else")
    return parts["host"].strip("[]").lower()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _whole(text: str) -> int | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) else None

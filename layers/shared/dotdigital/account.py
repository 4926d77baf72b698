"""An account: the base URL of its region, the API user, and what the account says of itself.

https://developer.dotdigital.com/docs/api-conventions
https://developer.dotdigital.com/reference/get-account-information
"""

import ipaddress
import math
import re
from dataclasses import dataclass, field
from typing import Final, Self

from dotdigital.http_messages import Response

REGIONS = {
    "r1": "https://r1-api.dotdigital.com",
    "r2": "https://r2-api.dotdigital.com",
    "r3": "https://r3-api.dotdigital.com",
}
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

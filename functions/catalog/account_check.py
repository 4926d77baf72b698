"""Tells whether the credentials are right and the region is the account's own.

A wrong region answers 403, but r1 answers account-info for every account: so r1 is asked where another region refuses,
and the region that an account names is compared with the one that is used.
https://developer.dotdigital.com/docs/api-conventions
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from dotdigital import REGIONS, AccountInfo, CredentialsRefusedError, Dotdigital, DotdigitalError

_ASKED: Final = "r1"
_REFUSED: Final = "Dotdigital refuses username or password: put the API user's own in the secret"
_HOSTS: Final = {urlsplit(url).hostname: region for region, url in REGIONS.items()}


@dataclass(frozen=True)
class AccountCheck:
    """What was found: the account where its region could be read, its region where that is known, and what to do."""

    region_used: str
    info: AccountInfo | None = None
    region: str | None = None
    problem: str | None = None


def check_account(region: str, client_of: Callable[[str], Dotdigital]) -> AccountCheck:
    """Check the account that is used in `region`; `client_of` gives its client of a region.

    Raises DotdigitalError but for credentials that are refused.
    """
    try:
        info = client_of(region).account_info()
    except CredentialsRefusedError as error:
        if error.status != HTTPStatus.FORBIDDEN:
            return AccountCheck(region, problem=_REFUSED)
        return _elsewhere(region, client_of)
    return _compared(region, info, _region_of(info) or region)


def _elsewhere(region: str, client_of: Callable[[str], Dotdigital]) -> AccountCheck:
    try:
        info = None if region == _ASKED else client_of(_ASKED).account_info()
    except DotdigitalError:
        info = None
    found = _region_of(info) if info else None
    if not info or found in (None, region):
        text = f"Dotdigital answers 403: the API user may not do this, or the account is not in {region}"
        return AccountCheck(region, problem=f"{text}; its regions are {', '.join(REGIONS)}")
    return _compared(region, info, found)


def _compared(region: str, info: AccountInfo, found: str | None) -> AccountCheck:
    if found == region:
        return AccountCheck(region, info, found)
    problem = f"the account is in {found}, not in {region}: put {found} as region in the secret"
    return AccountCheck(region, info, found, problem)


def _region_of(info: AccountInfo) -> str | None:
    try:
        return _HOSTS.get(urlsplit(info.api_endpoint).hostname)
    except ValueError:
        return None

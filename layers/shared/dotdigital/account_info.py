"""What the account says of itself: its name, its region, and what is left of its calls and credits.

https://developer.dotdigital.com/reference/get-account-information
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dotdigital.calls import Call
from dotdigital.ids import answered
from dotdigital.paths import path
from dotdigital.rows import text_in

if TYPE_CHECKING:
    from dotdigital.transport import Transport


@dataclass(frozen=True)
class AccountInfo:
    """An account. `api_endpoint` is the base URL of its region, "" where Dotdigital gave none, and so is a number None.

    The calls are those of the flat hourly limit.
    """

    id: int
    name: str
    api_endpoint: str
    calls_in_last_hour: int | None
    calls_remaining: int | None
    email_credits: int | None
    sms_credits: int | None


def read_account_info(transport: "Transport") -> AccountInfo:
    """Read what the account says of itself. It is the lightest call that proves the credentials."""
    answer = transport.call(Call("GET", path("v2", "account-info")))
    account_id = answered(answer, "id", int)
    values = _values(answer)
    return AccountInfo(
        id=account_id,
        name=values.get("Name", ""),
        api_endpoint=values.get("ApiEndpoint", "").rstrip("/"),
        calls_in_last_hour=_whole(values.get("ApiCallsInLastHour")),
        calls_remaining=_whole(values.get("ApiCallsRemaining")),
        email_credits=_whole(values.get("AvailableEmailSendsCredits")),
        sms_credits=_whole(values.get("AvailableSmsSendsCredits")),
    )


def _values(answer: Mapping[str, Any]) -> dict[str, str]:
    properties = answer.get("properties")
    rows = [row for row in properties if isinstance(row, dict)] if isinstance(properties, list) else []
    return {text_in(row, "name"): text_in(row, "value") for row in rows}


def _whole(text: str | None) -> int | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return int(number) if math.isfinite(number) else None

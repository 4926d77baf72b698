"""GET /v2/account-info and GET /v2/server-time.

https://developer.dotdigital.com/reference/get-account-information
"""

from __future__ import annotations

from typing import Final

from dev.sandbox.answers import Answer
from dev.sandbox.call import Call, Route


def get_account_info(call: Call) -> Answer:
    """Answer with the account's properties; every value is text."""
    used = call.state.limits.calls_in_last_hour
    properties = [
        ("Name", "String", call.account.name),
        ("MainEmail", "String", call.account.from_addresses[0]),
        ("ApiCallsInLastHour", "Int", str(used)),
        ("ApiCallsRemaining", "Int", str(call.state.limits.rules.per_hour - used)),
        ("AvailableEmailSendsCredits", "Int", str(call.account.email_credits)),
        ("AvailableSmsSendsCredits", "Int", str(call.account.sms_credits)),
        ("ApiEndpoint", "String", f"{call.base_url}/"),
        ("TimeZoneIana", "String", "Europe/London"),
    ]
    rows = [{"name": name, "type": kind, "value": value} for name, kind, value in properties]
    return Answer(200, {"id": call.account.id, "properties": rows})


def get_server_time(call: Call) -> Answer:
    """Answer with the time as plain text."""
    return Answer(200, call.state.clock.now().isoformat(sep=" "), content_type="text/plain")


ROUTES: Final = (
    Route("GET", "/v2/account-info", get_account_info, "high"),
    Route("GET", "/v2/server-time", get_server_time, "high"),
)

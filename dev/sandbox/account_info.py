"""GET /v2/account-info and GET /v2/server-time.

https://developer.dotdigital.com/reference/get-account-information
"""

from typing import Final

from dev.sandbox.api import Request, Response, Route


def get_account_info(request: Request) -> Response:
    """Return the account's properties; every value is text."""
    account, limits = request.account, request.state.limits
    used = limits.requests_in_last_hour
    properties = [
        ("Name", "String", account.name),
        ("MainEmail", "String", account.from_addresses[0]),
        ("ApiCallsInLastHour", "Int", str(used)),
        ("ApiCallsRemaining", "Int", str(limits.rules.per_hour - used)),
        ("AvailableEmailSendsCredits", "Int", str(account.email_credits)),
        ("AvailableSmsSendsCredits", "Int", str(account.sms_credits)),
        ("ApiEndpoint", "String", f"{request.base_url}/"),
        ("TimeZoneIana", "String", "Europe/London"),
    ]
    shown = [{"name": name, "type": kind, "value": value} for name, kind, value in properties]
    return Response(200, {"id": account.id, "properties": shown})


def get_server_time(request: Request) -> Response:
    """Return the time as plain text."""
    return Response(200, request.state.clock.now().isoformat(sep=" "), content_type="text/plain")


ROUTES: Final = (
    Route("GET", "/v2/account-info", get_account_info, "high"),
    Route("GET", "/v2/server-time", get_server_time, "high"),
)

"""Which rows of the page's section on actions a subscription comes near: by its action, and by the fields it maps."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from cli.subscriptions.used import Used

_ACTIONS: Final[Mapping[str, str]] = {
    "add": "add_contact_to_list",
    "remove": "remove_contact_from_list",
    "enrol": "enrol_contact",
    "sms": "send_sms",
    "tsms": "send_transactional_sms",
    "campaign": "send_email_campaign",
    "temail": "send_transactional_email",
    "audience": "sync_audience",
}
_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[Used], bool]], ...]] = tuple(
    (re.compile(case), rule)
    for case, rule in (
        ("/subscription/", lambda used: False),  # a trigger that is not whole is a problem of the import itself
        ("email and phone", lambda used: used.may_find_by("email") and used.maps("mobileNumberIdentifier")),
        ("mobile/with email", lambda used: used.may_find_by("mobileNumber") and used.maps("emailIdentifier")),
        ("/mobile", lambda used: used.may_find_by("mobileNumber") and used.maps("mobileNumberIdentifier")),
        ("email value|email hash", lambda used: used.may_find_by("email") and used.takes("emailIdentifier")),
        ("/data/", lambda used: used.maps("dataFields")),
        ("list id", lambda used: used.takes("listId")),
        ("^tsms/to |^tsms/defaults", lambda used: used.takes("to")),
        ("^temail/to ", lambda used: used.takes("toAddresses", "ccAddresses", "bccAddresses")),
        ("/send date", lambda used: used.takes("sendDate")),
        ("/cc ", lambda used: used.takes("ccAddresses", "bccAddresses")),
        ("/subject", lambda used: used.takes("subject")),
    )
)


def action_of_case(case: str) -> str | None:
    """Give the action that a recorded case is of, None where none of ours is."""
    return _ACTIONS.get(case.partition("/")[0])


def comes_near(case: str, used: Used) -> bool:
    """Tell whether a subscription is of the case's action and uses what the case is about."""
    if action_of_case(case) != used.action:
        return False
    return next((rule(used) for pattern, rule in _RULES if pattern.search(case)), True)

"""Codes that speak of the account or of its API user, and not of what was asked: what they refuse is good, and waits.

https://developer.dotdigital.com/docs/error-response-types
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

_TOO_MANY_CONTACTS: Final = "the account has no room for so many contacts: delete some, or ask Dotdigital for more"


def word_of(code: str) -> str:
    """Give a code as it is compared: v2 and v3 spell one in their own ways, ERROR_CONTACT_TOOMANY, contactTooMany."""
    return code.rpartition(":")[2].upper().removeprefix("ERROR_").replace("_", "")


_OF_API_USER: Final = frozenset(
    map(
        word_of,
        (
            "ERROR_INVALID_LOGIN",
            "ERROR_APIUSER_INVALID",
            "ERROR_ACCOUNT_INVALID",
            "ERROR_MANAGED_USER_INVALID",
            "ERROR_OAUTH_TOKEN_INVALID",
            "ERROR_UNKNOWN_ACCOUNT",
            "ERROR_USERACCOUNT_UNKNOWN",
        ),
    )
)
_OF_ACCOUNT: Final[Mapping[str, str]] = MappingProxyType(
    {
        word_of(code): hint
        for code, hint in {
            "ERROR_SMS_SENDNOTPERMITTED": "the account has too little credit for SMS: have it topped up",
            "ERROR_SEND_LIMITEXCEEDED": "the account has sent what it may send this month: ask Dotdigital for more",
            "ERROR_CAMPAIGN_SENDNOTPERMITTED": "check that the campaign is ready to be sent and the account "
            "fully enabled",
            "ERROR_CONTACT_TOOMANY": _TOO_MANY_CONTACTS,
            "ExceedsAllowedContactLimit": _TOO_MANY_CONTACTS,
            "ERROR_TRANSACTIONAL_DATA_STORAGE_ALLOWANCE_EXCEEDED": "the account has no room for Insight data: "
            "delete some, or ask Dotdigital for more",
            "ERROR_CANNOT_PERFORM_OPERATION_ON_ACCOUNT": "ask Dotdigital what the account lacks",
        }.items()
    }
)
_SERVICE: Final = "accounts:"
_OF_SERVICE: Final = "look at the account's limits in Dotdigital, or ask for more"
_OF_COLLECTIONS: Final = "the account has no room for a collection of Insight data: delete one, or ask for more"


def refuses_api_user(status: int | None, code: str | None) -> bool:
    """Tell whether an answer refuses the API user, or names another region (403)."""
    return status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or any(
        word_of(each) in _OF_API_USER for each in _each(code)
    )


def account_hint(status: int | None, code: str | None) -> str | None:
    """Tell what a person should do about the account, None where an answer does not speak of it.

    A 412 is described for the collections of Insight data alone.
    """
    for each in _each(code):
        if hint := _OF_ACCOUNT.get(word_of(each)):
            return hint
        if each.lower().startswith(_SERVICE) and word_of(each) not in _OF_API_USER:
            return _OF_SERVICE
    return _OF_COLLECTIONS if status == HTTPStatus.PRECONDITION_FAILED else None


def _each(code: str | None) -> Iterator[str]:
    """The codes: the report of an import gives several for one contact."""
    return iter(code.split(", ") if code else ())

"""What an account may do, as far as requests tell that read and change nothing.

Dotdigital has no list of an API user's rights, nor of what is switched on in an account. What is off, or not allowed,
refuses to be read too. https://developer.dotdigital.com/docs/error-handling
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from dotdigital.error_responses import is_off
from dotdigital.errors import CredentialsRefusedError, RejectedError
from dotdigital.http_messages import Request, path
from dotdigital.transport import Resource

_NO_MESSAGE: Final = "00000000-0000-0000-0000-000000000000"


class Right(Enum):
    """Something that not every account, or not every API user, may do. The value says it in words."""

    TRANSACTIONAL_SMS = "transactional SMS"
    TRANSACTIONAL_EMAIL = "transactional e-mail"
    INSIGHT_DATA = "Insight data"
    EVENTS = "events"


SWITCHED_ON: Mapping[Right, str] = MappingProxyType(
    {
        Right.TRANSACTIONAL_SMS: "ask Dotdigital to switch on SMS pay as you go",
        Right.TRANSACTIONAL_EMAIL: "switch on transactional e-mail in the account's settings, or ask Dotdigital to",
        Right.INSIGHT_DATA: "ask Dotdigital for Insight data, and check what the API user may do",
        Right.EVENTS: "ask Dotdigital for a package with its customer data platform (CXDP)",
    }
)
"""What a person does where the account has not the right."""


class Rights(Resource):
    """The rights of the account."""

    def has(self, right: Right, today: date | None = None) -> bool:
        """Tell whether the account has a right. Raises DotdigitalError where its response does not say."""
        try:
            self._transport.request(_request(right, today or datetime.now(UTC).date()))
        except CredentialsRefusedError as error:
            if error.status != HTTPStatus.FORBIDDEN:
                raise
            return False
        except RejectedError as error:
            if is_off(error.code):
                return False
            if right is Right.TRANSACTIONAL_SMS and error.status == HTTPStatus.NOT_FOUND:
                return True  # It was looked for, and there is no such message.
            raise
        return True


def _request(right: Right, today: date) -> Request:
    match right:
        case Right.TRANSACTIONAL_SMS:
            return Request("GET", path("cpaas", "messages", _NO_MESSAGE))
        case Right.TRANSACTIONAL_EMAIL:
            return Request("GET", path("v2", "email", "stats", "since-date", today.isoformat()))
        case Right.INSIGHT_DATA:
            return Request("GET", path("insightData", "v3", "collections"))
        case Right.EVENTS:
            return Request("GET", path("events", "v3", "export", "subscriptions"), query={"limit": "1"})

"""What can go wrong in a request to Dotdigital, as one tree. The class says what the caller may do.

    DotdigitalError
    ├── RejectedError                 no for good: the same request fails again (bad data, suppressed, 4xx)
    │   └── NotFoundError             no such contact, list, program or campaign
    ├── RetryLaterError               the same request can succeed later, after `wait` seconds where that is known
    │   ├── LimitedError              a rate limit or an allowance is used up
    │   ├── CredentialsRefusedError   401 and 403: the fault is in our settings, the request is good
    │   ├── AccountRefusesError       no credit, no room: the account is to be put right, the request is good
    │   └── UnavailableError          5xx, no connection, time-out or odd response; the request is safe to repeat
    └── InDoubtError                  a send broke after the request left: it may have happened

https://developer.dotdigital.com/docs/error-handling
"""


class DotdigitalError(Exception):
    """A request to Dotdigital that did not succeed.

    `description` holds no addresses and no telephone numbers. `status` is None where no response came, `code` where
    Dotdigital gave none: `ERROR_CONTACT_NOT_FOUND` (v2) or `contacts:contactNotFound` (v3). `wait` is in seconds.
    """

    def __init__(
        self, description: str, *, status: int | None = None, code: str | None = None, wait: float | None = None
    ) -> None:
        """Keep the parts; `str()` gives the description with the code in front."""
        super().__init__(f"{code}: {description}" if code else description)
        self.description = description
        self.status = status
        self.code = code
        self.wait = wait


class RejectedError(DotdigitalError):
    """Dotdigital says no for good."""


class NotFoundError(RejectedError):
    """The contact, list, program or campaign does not exist."""


class RetryLaterError(DotdigitalError):
    """The same request can succeed later."""


class LimitedError(RetryLaterError):
    """A rate limit or an allowance of the account is used up until `wait` seconds from now."""


class CredentialsRefusedError(RetryLaterError):
    """Dotdigital refuses the API user, or the account is in another region (403)."""


class AccountRefusesError(RetryLaterError):
    """The account lacks what the request needs, such as credit; the description says what a person should do."""


class UnavailableError(RetryLaterError):
    """Dotdigital did not take the request, or the request is safe to repeat and its response is missing."""


class InDoubtError(DotdigitalError):
    """A send left and no readable response came back: repeating it could send twice."""

"""The client for Dotdigital's API. Knows HTTP and Dotdigital; nothing of Segment, actions or Lambda."""

from dotdigital.account import REGIONS, Account, base_url_of
from dotdigital.client import Dotdigital
from dotdigital.contacts import Channel, Contact, Identifier
from dotdigital.data_fields import DataField
from dotdigital.errors import (
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    NotFoundError,
    RejectedError,
    RetryLaterError,
    UnavailableError,
)
from dotdigital.transactional_email import Email
from dotdigital.transport import Transport

__all__ = [
    "REGIONS",
    "Account",
    "Channel",
    "Contact",
    "CredentialsRefusedError",
    "DataField",
    "Dotdigital",
    "DotdigitalError",
    "Email",
    "Identifier",
    "InDoubtError",
    "LimitedError",
    "NotFoundError",
    "RejectedError",
    "RetryLaterError",
    "Transport",
    "UnavailableError",
    "base_url_of",
]

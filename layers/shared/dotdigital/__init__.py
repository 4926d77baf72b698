"""The client for Dotdigital's API. Knows HTTP and Dotdigital; nothing of Segment, actions or Lambda."""

from dotdigital.account import REGIONS, Account, AccountCheck, AccountInfo, base_url_of, check_account
from dotdigital.client import Dotdigital
from dotdigital.contacts import Channel, Contact, ContactDetails, Identifier, one_spelling
from dotdigital.data_fields import DataField
from dotdigital.email import Campaign, Email, TriggeredCampaign
from dotdigital.errors import (
    AccountRefusesError,
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    NotFoundError,
    RejectedError,
    RetryLaterError,
    UnavailableError,
)
from dotdigital.insight_data import ContactEvent, InsightRecord
from dotdigital.lists import ContactList
from dotdigital.programs import Program
from dotdigital.rights import SWITCHED_ON, Right
from dotdigital.transport import Transport

__all__ = [
    "REGIONS",
    "SWITCHED_ON",
    "Account",
    "AccountCheck",
    "AccountInfo",
    "AccountRefusesError",
    "Campaign",
    "Channel",
    "Contact",
    "ContactDetails",
    "ContactEvent",
    "ContactList",
    "CredentialsRefusedError",
    "DataField",
    "Dotdigital",
    "DotdigitalError",
    "Email",
    "Identifier",
    "InDoubtError",
    "InsightRecord",
    "LimitedError",
    "NotFoundError",
    "Program",
    "RejectedError",
    "RetryLaterError",
    "Right",
    "Transport",
    "TriggeredCampaign",
    "UnavailableError",
    "base_url_of",
    "check_account",
    "one_spelling",
]

"""The client for Dotdigital's API. Knows HTTP and Dotdigital; nothing of Segment, actions or Lambda.

`Transport` is in `dotdigital.transport`: with it comes requests, which nothing else here needs.
"""

from dotdigital.account import REGIONS, Account, base_url_of
from dotdigital.account_info import AccountInfo
from dotdigital.campaigns import Campaign
from dotdigital.client import Dotdigital
from dotdigital.contacts import Channel, Contact, Identifier, one_spelling
from dotdigital.data_fields import DataField
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
from dotdigital.events import ContactEvent
from dotdigital.insight_data import InsightRecord
from dotdigital.lists import ContactList
from dotdigital.programs import Program
from dotdigital.transactional_email import Email
from dotdigital.triggered_campaigns import TriggeredCampaign

__all__ = [
    "REGIONS",
    "Account",
    "AccountInfo",
    "AccountRefusesError",
    "Campaign",
    "Channel",
    "Contact",
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
    "TriggeredCampaign",
    "UnavailableError",
    "base_url_of",
    "one_spelling",
]

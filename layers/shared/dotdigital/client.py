"""The Dotdigital client: one account, its resources, one session under them."""

from typing import TYPE_CHECKING

from dotdigital.account_info import AccountInfo, read_account_info
from dotdigital.campaigns import Campaigns
from dotdigital.contact_imports import ContactImports
from dotdigital.contacts import Contacts
from dotdigital.data_fields import DataFields
from dotdigital.events import Events
from dotdigital.insight_data import InsightData
from dotdigital.lists import Lists
from dotdigital.programs import Programs
from dotdigital.sms import Sms
from dotdigital.transactional_email import TransactionalEmail
from dotdigital.transactional_sms import TransactionalSms
from dotdigital.triggered_campaigns import TriggeredCampaigns

if TYPE_CHECKING:
    from dotdigital.transport import Transport


class Dotdigital:
    """What the actions call. Each resource raises DotdigitalError alone."""

    def __init__(self, transport: "Transport") -> None:
        """Share `transport` among the resources."""
        self._transport = transport
        self.contacts = Contacts(transport)
        self.contact_imports = ContactImports(transport)
        self.data_fields = DataFields(transport)
        self.lists = Lists(transport)
        self.programs = Programs(transport)
        self.campaigns = Campaigns(transport)
        self.sms = Sms(transport)
        self.transactional_sms = TransactionalSms(transport)
        self.transactional_email = TransactionalEmail(transport)
        self.triggered_campaigns = TriggeredCampaigns(transport)
        self.events = Events(transport)
        self.insight_data = InsightData(transport)

    def account_info(self) -> AccountInfo:
        """Read what the account says of itself."""
        return read_account_info(self._transport)

    def has_time(self, seconds: float) -> bool:
        """Tell whether as much time is left for a call."""
        deadline = self._transport.deadline
        return deadline is None or deadline - self._transport.monotonic() >= seconds

    def check_sends(self) -> None:
        """Raise UnavailableError where sends wait, since Dotdigital does not answer them."""
        if self._transport.sends:
            self._transport.sends.check()

    def finish_within(self, seconds: float) -> None:
        """Let no call from now on run past `seconds` from now: what is left of the time to answer an event."""
        self._transport.deadline = self._transport.monotonic() + seconds

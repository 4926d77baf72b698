"""The Dotdigital client: one account, its resources, one session under them."""

from dotdigital.account import AccountInfo
from dotdigital.contact_imports import ContactImports
from dotdigital.contacts import Contacts
from dotdigital.data_fields import DataFields
from dotdigital.email import Campaigns, TransactionalEmail, TriggeredCampaigns
from dotdigital.http_messages import Request, path
from dotdigital.insight_data import Events, InsightData
from dotdigital.lists import Lists
from dotdigital.programs import Programs
from dotdigital.rights import Rights
from dotdigital.sms import Sms, TransactionalSms
from dotdigital.transport import Transport


class Dotdigital:
    """What the actions use. Each resource raises DotdigitalError alone."""

    def __init__(self, transport: Transport) -> None:
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
        self.rights = Rights(transport)

    def account_info(self) -> AccountInfo:
        """Read what the account says of itself. It is the lightest request that proves the credentials."""
        return AccountInfo.read(self._transport.request(Request("GET", path("v2", "account-info"))))

    def has_time(self, seconds: float) -> bool:
        """Tell whether as much time is left for a request."""
        deadline = self._transport.deadline
        return deadline is None or deadline - self._transport.monotonic() >= seconds

    def check_sends(self) -> None:
        """Raise UnavailableError where sends wait, since Dotdigital does not answer them."""
        if self._transport.sends:
            self._transport.sends.check()

    def finish_within(self, seconds: float) -> None:
        """Let no request from now on run past `seconds` from now: what is left of the time for an event."""
        self._transport.deadline = self._transport.monotonic() + seconds

"""All routes of Dotdigital that the sandbox answers."""

from typing import Final

from dev.sandbox import (
    account_info,
    campaigns,
    contact_imports,
    contacts,
    cpaas,
    data_fields,
    events,
    insight_data,
    list_members,
    lists,
    programs,
    sms,
    transactional_email,
    triggered_campaigns,
)
from dev.sandbox.call import Route

ROUTES: Final[tuple[Route, ...]] = (
    *account_info.ROUTES,
    *contact_imports.ROUTES,
    *contacts.ROUTES,
    *lists.ROUTES,
    *list_members.ROUTES,
    *data_fields.ROUTES,
    *programs.ROUTES,
    *campaigns.ROUTES,
    *transactional_email.ROUTES,
    *triggered_campaigns.ROUTES,
    *sms.ROUTES,
    *cpaas.ROUTES,
    *events.ROUTES,
    *insight_data.ROUTES,
)

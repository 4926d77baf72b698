"""All routes of Dotdigital that the sandbox answers."""

from typing import Final

from local.sandbox import (
    account_info,
    campaigns,
    contact_imports,
    contacts,
    cpaas,
    data_fields,
    lists,
    programs,
    sms,
    transactional_email,
)
from local.sandbox.call import Route

ROUTES: Final[tuple[Route, ...]] = (
    *account_info.ROUTES,
    *contact_imports.ROUTES,
    *contacts.ROUTES,
    *lists.ROUTES,
    *data_fields.ROUTES,
    *programs.ROUTES,
    *campaigns.ROUTES,
    *transactional_email.ROUTES,
    *sms.ROUTES,
    *cpaas.ROUTES,
)

"""The fields of the e-mail that asks a contact to confirm a resubscription.

https://developer.dotdigital.com/reference/importcontact
"""

from typing import Annotated

from pydantic import Field

from delivery.fields.locales import Locale
from delivery.fields.web_addresses import WebAddress

PreferredLocale = Annotated[
    Locale | None,
    Field(
        alias="preferredLocale",
        title="Preferred Language",
        description="The language of the e-mail that asks to confirm the resubscription.",
    ),
]
RedirectUrl = Annotated[
    WebAddress | None,
    Field(
        alias="redirectUrlAfterChallenge",
        title="Redirect URL",
        description="Where the contact lands after confirming the resubscription.",
    ),
]

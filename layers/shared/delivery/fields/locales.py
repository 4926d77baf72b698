"""The languages in which Dotdigital asks a contact to confirm a resubscription.

https://developer.dotdigital.com/reference/importcontact
"""

from typing import Annotated, Literal

from delivery.fields.scalars import Choice

Locale = Annotated[
    Literal[
        "cs-CS", "da-DA", "de-DE", "el-EL", "en-EN", "es-ES", "es", "fi-FI", "fr-FR", "hu-HU",
        "it-IT", "nl-NL", "nb-NO", "pl-PL", "pt-PT", "ru-RU", "se-SE", "sk-SK", "tr-TR", "zh-CN",
    ],
    Choice,
]  # fmt: skip

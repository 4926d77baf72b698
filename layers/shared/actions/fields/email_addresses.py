"""E-mail addresses, through email-validator, without a look-up of the domain.

Most addresses are so plain that a pattern of a part of what email-validator takes tells it; only the others load it.
A display name may hold any letters; one with a comma or other punctuation of addresses stands in double quotes.
https://developer.dotdigital.com/reference/send-transactional-email
"""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from actions.fields.scalars import text_of

_MOST: Final = 100
_LABEL: Final = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*+"
# With 64 characters in all no part is too long. The names that end a domain here are kept from use in the internet.
_PLAIN: Final = re.compile(
    rf"(?=.{{6,64}}\Z)[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*+@(?:{_LABEL}\.)+"
    r"(?!(?i:arpa|invalid|local|localhost|onion|test)\Z)[A-Za-z]{2,}"
)
_QUOTED: Final = r'"(?:\\.|[^"\\])*+"'
_NAMED: Final = re.compile(rf'(?:{_QUOTED} *+|[^"<>,;:@()\[\]\\]*+)<([^<>]*+)>')
_LISTED: Final = rf'(?:{_QUOTED}|<[^<>]*+>|[^,"<])++'
# Nothing here is tried twice, so that a long text with an open quote takes no longer than another.
_LIST: Final = re.compile(rf"(?:{_LISTED})?+(?:,(?:{_LISTED})?+)*+")


def address_of(value: Any) -> str:
    """Give one bare address, as written but for the spaces around it. Raises ValueError for anything else."""
    text = text_of(value).strip()
    if not _is_address(text):
        raise ValueError("must be one e-mail address, without a name: noor@example.com")
    return text


def named_address_of(value: Any) -> str:
    """Give one address that may have a display name: `Noor O'Hara <noor@example.com>`. Raises ValueError."""
    text = text_of(value).strip()
    if not _is_named_address(text):
        raise ValueError("must be one e-mail address, with or without a name: Noor <noor@example.com>")
    return text


def addresses_of(value: Any) -> tuple[str, ...]:
    """Give the 1 to 100 addresses of a text, separated by commas, bare: their display names are left out.

    Raises ValueError with the place of the bad one.
    """
    text = text_of(value)
    parts = re.findall(_LISTED, text) if _LIST.fullmatch(text) else [text]
    addresses = tuple(part.strip() for part in parts if part.strip())
    form = f"must be 1 to {_MOST} e-mail addresses, separated by commas"
    if not 0 < len(addresses) <= _MOST:
        raise ValueError(f"{form}, and has {len(addresses)}")
    for place, address in enumerate(addresses, 1):
        if not _is_named_address(address):
            raise ValueError(f"{form}; address {place} is not one")
    return tuple(_without_name(address) for address in addresses)


def _without_name(text: str) -> str:
    named = _NAMED.fullmatch(text)
    return named[1] if named else text


def _is_named_address(text: str) -> bool:
    # Only what is printable: a line break in a name would begin a header of its own.
    return text.isprintable() and _is_address(_without_name(text))


def _is_address(text: str) -> bool:
    if _PLAIN.fullmatch(text):
        return True
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


EmailAddress = Annotated[str, BeforeValidator(address_of), WithJsonSchema({"type": "string", "format": "email"})]
NamedEmailAddress = Annotated[str, BeforeValidator(named_address_of)]
EmailAddresses = Annotated[tuple[str, ...], BeforeValidator(addresses_of), WithJsonSchema({"type": "string"})]

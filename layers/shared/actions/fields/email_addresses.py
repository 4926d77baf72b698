"""E-mail addresses, through email-validator, without a look-up of the domain.

https://developer.dotdigital.com/reference/send-transactional-email
"""

import re
from typing import Annotated, Any, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator, WithJsonSchema

from actions.fields.scalars import text_of

_MOST: Final = 100
_PART: Final = re.compile(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,"<])+')


def address_of(value: Any) -> str:
    """Give one bare address, as written but for the spaces around it. Raises ValueError for anything else."""
    return _checked(text_of(value).strip(), named=False)


def named_address_of(value: Any) -> str:
    """Give one address that may have a display name: `Noor O'Hara <noor@example.com>`. Raises ValueError."""
    return _checked(text_of(value).strip(), named=True)


def addresses_of(value: Any) -> tuple[str, ...]:
    """Give the 1 to 100 addresses of a text, separated by commas. Raises ValueError with the place of the bad one."""
    parts = [part.strip() for part in _PART.findall(text_of(value)) if part.strip()]
    if not 0 < len(parts) <= _MOST:
        raise ValueError(f"must be 1 to {_MOST} e-mail addresses, separated by commas")
    return tuple(_checked(part, named=True, place=place) for place, part in enumerate(parts, 1))


def _checked(address: str, *, named: bool, place: int | None = None) -> str:
    try:
        validate_email(address, check_deliverability=False, allow_display_name=named)
    except EmailNotValidError:
        which = f": address {place} is not" if place else ""
        raise ValueError(f"must be a valid e-mail address{which}") from None
    return address


_EMAIL = WithJsonSchema({"type": "string", "format": "email"})
EmailAddress = Annotated[str, BeforeValidator(address_of), _EMAIL]
NamedEmailAddress = Annotated[str, BeforeValidator(named_address_of)]
EmailAddresses = Annotated[tuple[str, ...], BeforeValidator(addresses_of), WithJsonSchema({"type": "string"})]

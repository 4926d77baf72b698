"""E-mail addresses, through email-validator, without a look-up of the domain.

Most addresses are so plain that a pattern of a part of what email-validator takes tells it; only the others load it.
A display name may hold any letters; one with a comma or other punctuation of addresses stands in double quotes.
https://developer.dotdigital.com/reference/send-transactional-email
"""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from delivery.fields.scalars import text_of, without_outer_blanks

_MOST: Final = 100
_LABEL: Final = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*+"
# With 64 characters in all no part is too long. The names that end a domain here are kept from use in the internet.
_PLAIN: Final = re.compile(
    rf"(?=.{{6,64}}\Z)[A-Za-z0-9_+-]++(?:\.[A-Za-z0-9_+-]++)*+@(?:{_LABEL}\.)+"
    r"(?!(?i:arpa|invalid|local|localhost|onion|test)\Z)[A-Za-z]{2,}"
)
_CURLY: Final = frozenset(
    "\u00ab\u00b4\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u2039\u203a\uff02\uff07"
)
_QUOTES: Final = _CURLY | frozenset("\"'`")
_AROUND: Final = _QUOTES | frozenset("<>()[]{},;:")
# What is percent-encoded in a link would have to be decoded: such a one is no address here.
_MAILTO: Final = re.compile(r"\Amailto:(?=[^%]*\Z)", re.IGNORECASE)
_QUOTED: Final = r'"(?:\\.|[^"\\])*+"'
_NAMED: Final = re.compile(rf'({_QUOTED} *+|[^"<>,;:@()\[\]\\]*+)<([^<>]*+)>')
_LISTED: Final = rf'(?:{_QUOTED}|<[^<>]*+>|[^,"<])++'
# Nothing here is tried twice, so that a long text with an open quote takes no longer than another.
_LIST: Final = re.compile(rf"(?:{_LISTED})?+(?:,(?:{_LISTED})?+)*+")


def address_of(value: Any) -> str:
    """Give one bare address, as written but for what stands around it. Raises ValueError for anything else."""
    address = _bare(text_of(value))
    if address is None:
        raise ValueError("must be one e-mail address without a name, such as noor@example.com")
    return address


def named_address_of(value: Any) -> str:
    """Give one address that may have a display name: `Noor O'Hara <noor@example.com>`. Raises ValueError."""
    found = _named(text_of(value))
    if found is None:
        raise ValueError("must be one e-mail address with or without a name, such as Noor <noor@example.com>")
    name, address = found
    return f"{name}<{address}>" if name is not None else address


def addresses_of(value: Any) -> tuple[str, ...]:
    """Give the 1 to 100 addresses of a text, separated by commas, bare: their display names are left out.

    Raises ValueError with the place of the bad one.
    """
    text = text_of(value)
    parts = re.findall(_LISTED, text) if _LIST.fullmatch(text) else [text]
    listed = [part for part in parts if without_outer_blanks(part)]
    form = f"must be 1 to {_MOST} e-mail addresses, separated by commas"
    if not 0 < len(listed) <= _MOST:
        raise ValueError(f"{form}, and has {len(listed)}")
    addresses = []
    for place, part in enumerate(listed, 1):
        found = _named(part)
        if found is None:
            raise ValueError(f"{form}; address {place} is not one")
        addresses.append(found[1])
    return tuple(addresses)


def _bare(text: str) -> str | None:
    """Take off what copying puts around an address; ASCII quotes may begin an address, so they go last."""
    text = text if _PLAIN.fullmatch(text) else without_outer_blanks(text, _CURLY)
    if _is_address(text):
        return text
    inner = _MAILTO.sub("", without_outer_blanks(text.rstrip("."), _AROUND))
    return inner if inner != text and _is_address(inner) else None


def _named(text: str) -> tuple[str | None, str] | None:
    """Give the display name, None where there is no bracket, and the address."""
    for around in (_CURLY, _QUOTES):
        inner = without_outer_blanks(text, around)
        named = _NAMED.fullmatch(inner)
        address = _bare(named[2] if named else inner)
        # Only what is printable: a line break in a name would begin a header of its own.
        if address and address.isprintable() and (not named or named[1].isprintable()):
            return (named[1] if named else None), address
    return None


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

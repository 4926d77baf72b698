"""Contacts that are there: looked up without being made, taken off a list, told apart as people.

https://developer.dotdigital.com/reference/getcontact
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from delivery.action import SIDE_BY_SIDE
from delivery.fields.contact import Channel
from delivery.fields.payload import Payload
from delivery.outcome import Ids, Skipped
from dotdigital import Contact, Dotdigital, DotdigitalError, Identifier, NotFoundError, RejectedError, one_spelling

_Name = tuple[str, str]


def existing(identifier: Identifier, dotdigital: Dotdigital) -> Contact | None:
    """Give the contact, None where there is none: one in the recycle bin is none, and an update would bring it back."""
    try:
        contact = dotdigital.contacts.get(identifier)
    except NotFoundError:
        return None
    return None if contact.is_deleted else contact


def all_existing(
    identifiers: Collection[Identifier], dotdigital: Dotdigital
) -> Mapping[Identifier, Contact | DotdigitalError | None]:
    """Give for each identifier its contact, None, or the error that is its own."""

    def one(identifier: Identifier) -> Contact | DotdigitalError | None:
        try:
            return existing(identifier, dotdigital)
        except DotdigitalError as error:
            return error

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return dict(zip(identifiers, pool.map(one, identifiers), strict=True))


def status_of(contact: Contact, channel: Channel) -> str:
    """Give the contact's status on a channel as Dotdigital spells it, "" where it gives none."""
    return contact.email_status if channel == "email" else contact.sms_status


def ids_of(contact: Contact, channels: Collection[Channel]) -> Ids:
    """Give the contact's id, and its statuses on the channels as Dotdigital spells them."""
    return Ids(
        contact_id=contact.id,
        email_status=status_of(contact, "email") if "email" in channels else None,
        sms_status=status_of(contact, "sms") if "sms" in channels else None,
    )


def remove_from_list(identifier: Identifier, list_id: int, dotdigital: Dotdigital) -> Ids | Skipped:
    """Find the contact and take it off the list; somebody unknown or not on it is skipped. The contact itself stays.

    The removal is requested even where the contact does not show the list: what it shows may be behind.
    https://developer.dotdigital.com/reference/delete-contact-from-address-book
    """
    try:
        contact = dotdigital.contacts.get(identifier)
    except NotFoundError:
        return Skipped("Dotdigital has no such contact")
    shows_list = list_id in contact.list_ids
    try:
        dotdigital.lists.remove(list_id, contact.id)
    except RejectedError as error:
        if not _says_not_on_list(error, shows_list=shows_list):
            raise
        return Skipped("the contact is not on the list")
    if not shows_list:
        return Skipped("the contact was not on the list")
    return Ids(contact_id=contact.id, list_id=list_id)


def _says_not_on_list(error: RejectedError, *, shows_list: bool) -> bool:
    if "ADDRESSBOOK" in (error.code or ""):
        return False
    # A 404 that names nothing is believed only of a contact that does not show the list either.
    return isinstance(error, NotFoundError) or (error.status == HTTPStatus.NOT_FOUND and not shows_list)


def people_of[P: Payload](payloads: Sequence[P], dotdigital: Dotdigital) -> list[int]:
    """Give for each payload the number of its person, whichever identifier names the person.

    An address and a number are one person's where a payload says so or a contact has both. Only where some contacts
    are found by address and others by number the fewer of them are looked up; who cannot be is taken for two.
    """
    same = _Same()
    for payload in payloads:
        same.join([("", payload.person), *map(_name, payload.identifiers)])
    for contact in _looked_up([payload.identifiers[0] for payload in payloads if payload.identifiers], dotdigital):
        same.join(list(map(_name, contact.identifiers)))
    numbers: dict[_Name, int] = {}
    return [numbers.setdefault(same.first(("", payload.person)), len(numbers)) for payload in payloads]


def _looked_up(identifiers: Collection[Identifier], dotdigital: Dotdigital) -> list[Contact]:
    channels = [{one for one in identifiers if one.channel == channel} for channel in ("email", "mobileNumber")]
    fewer = min(channels, key=len)
    return [each for each in all_existing(fewer, dotdigital).values() if isinstance(each, Contact)] if fewer else []


def _name(identifier: Identifier) -> _Name:
    value = identifier.value.removeprefix("+") if identifier.channel == "mobileNumber" else identifier.value
    return identifier.channel, one_spelling(value)


class _Same:
    """Names that are one person's, as far as they were joined."""

    def __init__(self) -> None:
        self._before: dict[_Name, _Name] = {}

    def first(self, name: _Name) -> _Name:
        """Give the name that stands for all that are the same."""
        while (before := self._before.get(name, name)) != name:
            name = before
        return name

    def join(self, names: Sequence[_Name]) -> None:
        """Make all of the names the same."""
        for name in names[1:]:
            one, other = self.first(names[0]), self.first(name)
            if one != other:
                self._before[other] = one

"""Which payloads are about one person, whichever identifier names the person."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from delivery.batch import SIDE_BY_SIDE, Batch
from delivery.fields.payload import Payload
from dotdigital import Contact, Dotdigital, DotdigitalError, Identifier, NotFoundError, one_spelling


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


_Name = tuple[str, str]


def people_in[P: Payload](batch: Batch[P]) -> Sequence[int]:
    """Give for each payload of a batch the number of its person."""
    return people_of(batch.payloads, batch.dotdigital) if batch.people is None else batch.people


def people_of[P: Payload](payloads: Sequence[P], dotdigital: Dotdigital) -> list[int]:
    """Give for each payload the number of its person.

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

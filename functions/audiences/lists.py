"""The lists that audiences go to: found by id, and found by name or made.

The requests are those of Segment's webhook-audiences destination: `{...extras, audienceName}` to create an audience and
`{...extras, externalId}` to get one. The response to each is an `externalId`, which is the id of the list as text.
https://developer.dotdigital.com/reference/create-address-book
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from aws.account import ConflictError, RequestError, UnknownError, read_body
from dotdigital import ContactList, Dotdigital, RejectedError

_LONGEST_NAME: Final = 128
_RESERVED: Final = ("test", "all contacts")
_DUPLICATE: Final = "ERROR_ADDRESSBOOK_DUPLICATE"
_LONGEST_ID: Final = 18


def _or_blank(value: Any) -> Any:
    return "" if value is None else value


Name = Annotated[str, StringConstraints(strip_whitespace=True), BeforeValidator(_or_blank)]


class NewAudience(BaseModel):
    """What a list for an audience is to be: its name, or where that is blank the audience's own."""

    model_config = ConfigDict(strict=True)

    name: Name = ""
    audienceName: Name = ""
    visibility: Literal["Private", "Public"] = "Private"


@dataclass(frozen=True)
class Audience:
    """A list, and whether it was made just now."""

    list: ContactList
    is_new: bool = False

    @property
    def external_id(self) -> str:
        """What Segment keeps of the audience and sends with each of its events."""
        return str(self.list.id)


def audience_of(dotdigital: Dotdigital, content: Any) -> Audience:
    """Give the list that `content` asks for: by its externalId where it has one, else by name.

    A list that is not there by name is made. Raises RequestError, UnknownError and ConflictError.
    """
    if isinstance(content, dict) and content.get("externalId") is not None:
        return Audience(list_by_id(dotdigital, content["externalId"]))
    return _list_by_name(dotdigital, read_body(NewAudience, content))


def list_by_id(dotdigital: Dotdigital, external_id: Any) -> ContactList:
    """Give the list with that id, an int or its digits. Raises UnknownError, also for a list that takes no contacts."""
    text = str(external_id)
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else None
    found = next((each for each in dotdigital.lists.all() if each.id == wanted), None)
    if found is None:
        raise UnknownError("no list has that id: create the audience again, or map another list")
    if _key(found.name) in _RESERVED:
        raise UnknownError(f"the list {found.id} is Dotdigital's own and takes no contacts: use another")
    return found


def _list_by_name(dotdigital: Dotdigital, asked: NewAudience) -> Audience:
    name = asked.name or asked.audienceName
    if not name:
        raise RequestError("name: give the list a name; without one, audienceName is taken")
    if len(name) > _LONGEST_NAME:
        raise RequestError(f"name: a list's name has at most {_LONGEST_NAME} characters; give it a shorter one as name")
    if _key(name) in _RESERVED:
        raise RequestError("name: Test and All Contacts are Dotdigital's own lists and take no contacts")
    if found := _named(name, dotdigital.lists.all()):
        return Audience(found)
    try:
        return Audience(dotdigital.lists.create(name, asked.visibility), is_new=True)
    except RejectedError as error:
        if error.code != _DUPLICATE:
            raise
    # Somebody made it since it was looked for.
    if found := _named(name, dotdigital.lists.all()):
        return Audience(found)
    raise ConflictError("name: Dotdigital has something else of that name, a segment perhaps: choose another")


def _named(name: str, lists: Iterable[ContactList]) -> ContactList | None:
    alike = [each for each in lists if _key(each.name) == _key(name)]
    return next((each for each in alike if each.name == name), alike[0] if alike else None)


def _key(name: str) -> str:
    return name.strip().casefold()

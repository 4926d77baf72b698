"""Sync Audience: keep a list as an Engage audience or a journey has its members. A contact is never deleted.

https://segment.com/docs/engage/using-engage-data/ and https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import batched, chain
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import SIDE_BY_SIDE, Action, Result, waits_for
from delivery.contacts import all_existing, remove_from_list
from delivery.fields.contact import WITHOUT_BOTH, EmptyIdentifier
from delivery.fields.data_fields import typed_values
from delivery.fields.email_addresses import EmailAddress
from delivery.fields.payload import DefaultMapping, Payload, first_of
from delivery.fields.phone_numbers import MobileNumber, NumberCountry
from delivery.fields.scalars import Choice, Flag, Id, Text, folded
from delivery.outcome import Ids, Skipped
from delivery.pipeline import perform_or_error
from delivery.upserts import BULK_FROM, updates_of, upsert_many
from dotdigital import (
    Contact,
    ContactDetails,
    Dotdigital,
    DotdigitalError,
    Identifier,
    NotFoundError,
    RejectedError,
    RetryLaterError,
    one_spelling,
)

_LOOKED_UP_TOGETHER: Final = 100
_PERSONAS = "$.context.personas"
_Way = Literal["leaves", "enters", "both"]
_MEMBER = {"direction": "right", "objects": [{"@path": "$.traits"}, {"@path": "$.properties"}]}


def _none_beside_an_address(value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
    try:
        return read(value)
    except ValidationError:
        if not info.data.get("email"):
            raise
    return None


class SyncAudiencePayload(Payload):
    """The contact, the list of the audience, and whether the contact entered or left it."""

    computation_class: Annotated[
        Literal["audience", "journey_step"], Choice, DefaultMapping({"@path": f"{_PERSONAS}.computation_class"})
    ] = Field(
        alias="segment_computation_action",
        title="Segment Computation Action",
        description="What Engage computed.",
    )
    computation_key: Annotated[Text, DefaultMapping({"@path": f"{_PERSONAS}.computation_key"})] = Field(
        title="Audience Key", description="The key under which the event says true or false."
    )
    list_id: Annotated[Id, DefaultMapping({"@path": f"{_PERSONAS}.external_audience_id"})] = Field(
        alias="external_audience_id",
        title="List",
        description="The id of the list that holds the audience in Dotdigital.",
    )
    email: Annotated[
        EmailAddress | None, DefaultMapping(first_of("$.traits.email", "$.properties.email", "$.context.traits.email"))
    ] = Field(
        None,
        alias="emailIdentifier",
        title="Email Address",
        description="The contact's e-mail address, which is used first.",
    )
    mobile_number: Annotated[
        MobileNumber | None,
        WrapValidator(_none_beside_an_address),
        DefaultMapping(first_of("$.traits.phone", "$.properties.phone", "$.context.traits.phone")),
    ] = Field(
        None,
        alias="mobileNumberIdentifier",
        title="Mobile Number",
        description="The contact's mobile number in E.164 format, used only if there is no e-mail address.",
    )
    number_country: NumberCountry = None
    empty_identifier: Annotated[EmptyIdentifier, WITHOUT_BOTH] = "reject"
    traits_or_properties: Annotated[dict[str, Any], DefaultMapping({"@merge": _MEMBER})] = Field(
        alias="traits_or_props",
        title="Traits or Properties",
        description="The object that says true or false under the audience key.",
    )
    exit_policy: Annotated[Literal["remove", "unsubscribe", "ignore"], Choice, DefaultMapping("remove")] = Field(
        "remove",
        alias="exitPolicy",
        title="Exit Policy",
        description="What happens to a contact who leaves: remove takes it off the list, unsubscribe unsubscribes it "
        "from the list for good (entering again does not undo this), ignore leaves it on the list.",
    )
    subscribe: Annotated[Flag, DefaultMapping(False)] = Field(
        False,
        alias="subscribeOnEntry",
        title="Subscribe on Entry",
        description="Whether entering subscribes the contact to e-mail, or to SMS if it is found by number. A "
        "contact who left or was suppressed is then resubscribed without being asked. Dotdigital itself "
        "subscribes new contacts to e-mail.",
    )
    data_fields: dict[str, Any] | None = Field(
        None, alias="dataFields", title="Data Fields", description="Values by data field, written on entry."
    )

    @property
    def identifier(self) -> Identifier:
        """What finds the contact in Dotdigital."""
        return Identifier("email", self.email) if self.email else Identifier("mobileNumber", self.mobile_number or "")

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """What finds the contact, and the number beside an address, which may find it for another event."""
        beside = (Identifier("mobileNumber", self.mobile_number),) if self.email and self.mobile_number else ()
        return (self.identifier, *beside)

    @property
    def person(self) -> str:
        """The contact's address or number, in one spelling."""
        return one_spelling(self.identifier.value)

    @property
    def entered(self) -> bool | None:
        """Whether the contact entered (True) or left (False). A journey's step that says neither is an entry."""
        said = self.traits_or_properties.get(self.computation_key)
        text = folded(said) if isinstance(said, str) else None
        if said is True or text == "true":
            return True
        if said is False or text == "false":
            return False
        return True if said is None and self.computation_class == "journey_step" else None

    def conflicts(self) -> Mapping[str, str]:
        """Reject a payload that names no contact, or does not say whether the contact entered."""
        problems = {}
        if not (self.email or self.mobile_number):
            problems["emailIdentifier"] = "is required, or mobileNumberIdentifier"
        if self.entered is None:
            problems["traits_or_props"] = "must say true or false under the audience's key"
        return problems

    def channel_properties(self) -> dict[str, Any]:
        """Give what v3 calls channelProperties: nothing, unless the subscription asks to subscribe on entry."""
        if not self.subscribe:
            return {}
        if self.email:
            # Nothing documents what leaving the options out means for who has left.
            return {"email": {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": True}}}
        return {"sms": {"status": "subscribed"}}


def perform(payload: SyncAudiencePayload, dotdigital: Dotdigital) -> Ids | Skipped:
    """Add the contact to the list, or do as the exit policy says."""
    if payload.entered:
        contact = dotdigital.contacts.upsert(payload.identifier, _details(payload, dotdigital))
        return Ids(contact_id=contact.id if contact else None, list_id=payload.list_id)
    return _leave(payload, dotdigital)


def _details(payload: SyncAudiencePayload, dotdigital: Dotdigital) -> ContactDetails:
    details: ContactDetails = {"channelProperties": payload.channel_properties(), "lists": [payload.list_id]}
    if payload.data_fields:
        known = dotdigital.data_fields.look_up(payload.data_fields)
        details["dataFields"] = typed_values(payload.data_fields, known)
    return details


def _leave(payload: SyncAudiencePayload, dotdigital: Dotdigital) -> Ids | Skipped:
    if payload.exit_policy == "ignore":
        return Skipped("the contact left the audience, and the exit policy is to ignore that")
    if payload.exit_policy == "remove":
        return remove_from_list(payload.identifier, payload.list_id, dotdigital)
    if not payload.email:
        raise RejectedError("unsubscribing from a list needs an e-mail address; map emailIdentifier, or remove instead")
    try:
        contact = dotdigital.contacts.get(payload.identifier)
    except NotFoundError:
        return Skipped("Dotdigital has no such contact")
    dotdigital.lists.unsubscribe(payload.list_id, payload.email)
    return Ids(contact_id=contact.id, list_id=payload.list_id)


def perform_many(
    payloads: Sequence[SyncAudiencePayload], people: Sequence[int], dotdigital: Dotdigital
) -> list[Result]:
    """Let those who only leave a list leave it in one request, then those who only enter enter in one import.

    Whoever does both, or is named by more than one identifier, does so one after the other, in between. So of what is
    not known to be one person's, exits come first.
    """
    of_person: dict[int, list[int]] = {}
    for position, person in enumerate(people):
        of_person.setdefault(person, []).append(position)
    ways: dict[_Way, list[list[int]]] = {"leaves": [], "both": [], "enters": []}
    for positions in of_person.values():
        ways[_way([payloads[position] for position in positions])].append(positions)
    results: dict[int, Result] = {}
    # In portions, so that the look-ups of many do not use up the time that their removal takes.
    for leaving in batched(chain.from_iterable(ways["leaves"]), _LOOKED_UP_TOGETHER, strict=False):
        results |= zip(leaving, _remove([payloads[one] for one in leaving], dotdigital), strict=True)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        done = pool.map(lambda positions: _in_order([payloads[one] for one in positions], dotdigital), ways["both"])
        for positions, some in zip(ways["both"], done, strict=True):
            results |= zip(positions, some, strict=True)
    entering = sorted(chain.from_iterable(ways["enters"]))
    entered = _enter([payloads[one] for one in entering], [people[one] for one in entering], dotdigital)
    results |= zip(entering, entered, strict=True)
    return [results[position] for position in range(len(payloads))]


def _way(payloads: Sequence[SyncAudiencePayload]) -> _Way:
    if all(payload.exit_policy == "remove" and not payload.entered for payload in payloads):
        return "leaves"
    enters = all(payload.entered and payload.person == payloads[0].person for payload in payloads)
    return "enters" if enters else "both"


def _in_order(payloads: Sequence[SyncAudiencePayload], dotdigital: Dotdigital) -> list[Result]:
    results: list[Result] = []
    held: RetryLaterError | None = None
    for payload in payloads:
        result = held or perform_or_error(perform, payload, dotdigital)
        if isinstance(result, RetryLaterError):
            held = held or waits_for(result)
        results.append(result)
    return results


def _enter(payloads: Sequence[SyncAudiencePayload], people: Sequence[int], dotdigital: Dotdigital) -> list[Result]:
    upserted = upsert_many(updates_of(payloads, people, _details, dotdigital), dotdigital)
    return [
        result if isinstance(result, Exception) else Ids(contact_id=result, list_id=payload.list_id)
        for payload, result in zip(payloads, upserted, strict=True)
    ]


def _remove(payloads: Sequence[SyncAudiencePayload], dotdigital: Dotdigital) -> list[Result]:
    found = all_existing({payload.identifier for payload in payloads}, dotdigital)
    lists: dict[int, dict[int, None]] = {}
    for payload in payloads:
        if isinstance(contact := found[payload.identifier], Contact):
            lists.setdefault(payload.list_id, {})[contact.id] = None
    errors = {list_id: _remove_many(list_id, contacts, dotdigital) for list_id, contacts in lists.items()}
    return [_removed(found[payload.identifier], payload.list_id, errors) for payload in payloads]


def _remove_many(list_id: int, contacts: Collection[int], dotdigital: Dotdigital) -> DotdigitalError | None:
    try:
        dotdigital.lists.remove_many(list_id, list(contacts))
    except DotdigitalError as error:
        return error
    return None


def _removed(
    contact: Contact | DotdigitalError | None, list_id: int, errors: Mapping[int, DotdigitalError | None]
) -> Result:
    if not isinstance(contact, Contact):
        return contact or Skipped("Dotdigital has no such contact")
    return errors[list_id] or Ids(contact_id=contact.id, list_id=list_id)


ACTION = Action(
    name="sync_audience",
    title="Sync Audience",
    description="Keeps a list in step with an Engage audience or a journey.",
    trigger='type = "identify" or type = "track"',
    payload=SyncAudiencePayload,
    perform=perform,
    perform_many=perform_many,
    many_from=BULK_FROM,
)

handler = handler_of(lambda: ActionFunction(ACTION))

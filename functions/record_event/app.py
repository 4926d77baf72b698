"""Record Event: put any track event onto the timeline of its contact, where segments and programs find it.

Dotdigital drops an event of a contact that it does not have, and does not say so; so the contact is looked up first. A
missing contact is made only where the mapping says so, because Dotdigital counts a new contact as subscribed to e-mail.
It is no send: an event that comes twice has one id, and Dotdigital calls ids unique. That it keeps one of the two is
believed, not known.

https://developer.dotdigital.com/reference/import-events
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import batched
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action, Result
from delivery.contacts import all_existing
from delivery.fields.contact import ContactPayload
from delivery.fields.payload import DefaultMapping
from delivery.fields.scalars import Choice, Text
from delivery.fields.timestamps import Timestamp
from delivery.outcome import Ids
from delivery.upserts import Upserted, upsert_all
from dotdigital import Contact, ContactEvent, Dotdigital, DotdigitalError, Identifier, RejectedError
from dotdigital.insight_data import problem_of_type

_LONGEST_SUMMARY: Final = 160
_TOGETHER: Final = 500
_NO_CONTACT: Final = "Dotdigital has no such contact; map missingContact to create to have it made"


def _possible_type(name: str) -> str:
    if problem := problem_of_type(name):
        raise ValueError(problem)
    return name


def _short_enough(summary: str) -> str:
    if len(summary) > _LONGEST_SUMMARY:
        raise ValueError(f"must have 1 to {_LONGEST_SUMMARY} characters")
    return summary


class RecordEventPayload(ContactPayload):
    """The contact and the event."""

    event_type: Annotated[Text, AfterValidator(_possible_type), DefaultMapping({"@path": "$.event"})] = Field(
        alias="eventType",
        title="Event Type",
        description="The kind of event, at most 80 characters. Dotdigital keeps each kind as Insight data of that "
        "name.",
    )
    event_data: Annotated[dict[str, Any] | None, DefaultMapping({"@path": "$.properties"})] = Field(
        None, alias="eventData", title="Event Data", description="What is known of the event."
    )
    summary: Annotated[Text, AfterValidator(_short_enough)] | None = Field(
        None,
        title="Summary",
        description="What the contact's timeline shows, at most 160 characters. Without it, the event type.",
    )
    id: Annotated[Text, DefaultMapping({"@path": "$.messageId"})] = Field(
        title="Event ID", description="The id of the event. An event that comes twice with one id is one event."
    )
    timestamp: Annotated[Timestamp, DefaultMapping({"@path": "$.timestamp"})] = Field(
        title="Timestamp", description="When the event happened: ISO 8601, or epoch seconds or milliseconds."
    )
    missing_contact: Annotated[Literal["reject", "create"], Choice, DefaultMapping("reject")] = Field(
        "reject",
        alias="missingContact",
        title="Missing Contact",
        description="What to do if Dotdigital does not have the contact: reject the event, or create the contact, "
        "which Dotdigital then counts as subscribed to e-mail.",
    )

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """None: events say themselves when they happened."""
        return ()

    def as_event(self) -> ContactEvent:
        """Give the event as Dotdigital takes it."""
        return ContactEvent(
            contact=self.identifier,
            type=self.event_type,
            id=self.id,
            timestamp=self.timestamp,
            summary=self.summary or self.event_type,
            data=self.event_data,
        )


def perform(payload: RecordEventPayload, dotdigital: Dotdigital) -> Ids:
    """Make sure of the contact and record the event."""
    [result] = _record([payload], dotdigital)
    if isinstance(result, Exception):
        raise result
    return result


def perform_many(payloads: Sequence[RecordEventPayload], people: Sequence[int], dotdigital: Dotdigital) -> list[Result]:
    """Make sure of all contacts, each once, and record the events of those that are there, 500 in a request.

    In portions, so that the look-ups of many people do not use up the time that recording takes.
    """
    portions = batched(payloads, _TOGETHER, strict=False)
    return [result for portion in portions for result in _record(portion, dotdigital)]


def _record(payloads: Sequence[RecordEventPayload], dotdigital: Dotdigital) -> list[Ids | Exception]:
    contacts = _contacts(payloads, dotdigital)
    of_payloads = [contacts[payload.missing_contact, payload.identifier] for payload in payloads]
    there = [
        payload for payload, contact in zip(payloads, of_payloads, strict=True) if not isinstance(contact, Exception)
    ]
    recorded = iter(_import(there, dotdigital))
    return [
        contact if isinstance(contact, Exception) else next(recorded) or Ids(contact_id=contact)
        for contact in of_payloads
    ]


def _contacts(
    payloads: Sequence[RecordEventPayload], dotdigital: Dotdigital
) -> Mapping[tuple[str, Identifier], Upserted]:
    wanted = dict.fromkeys((payload.missing_contact, payload.identifier) for payload in payloads)
    made = upsert_all({contact: {} for policy, contact in wanted if policy == "create"}, dotdigital)
    found = all_existing([contact for policy, contact in wanted if policy == "reject"], dotdigital)
    return {
        **{("create", identifier): result for identifier, result in made.items()},
        **{("reject", identifier): _id_of(result) for identifier, result in found.items()},
    }


def _id_of(contact: Contact | DotdigitalError | None) -> int | DotdigitalError:
    return contact.id if isinstance(contact, Contact) else contact or RejectedError(_NO_CONTACT)


def _import(payloads: Sequence[RecordEventPayload], dotdigital: Dotdigital) -> list[DotdigitalError | None]:
    """Import the events, and give for each what was wrong; a request that is refused for one of them is halved."""
    if not payloads:
        return []
    try:
        dotdigital.events.import_([payload.as_event() for payload in payloads])
    except DotdigitalError as error:
        is_one_at_fault = isinstance(error, RejectedError) and error.status in (None, HTTPStatus.BAD_REQUEST)
        if not is_one_at_fault or len(payloads) == 1:
            return [error] * len(payloads)
        middle = (len(payloads) + 1) // 2
        return [*_import(payloads[:middle], dotdigital), *_import(payloads[middle:], dotdigital)]
    return [None] * len(payloads)


ACTION = Action(
    name="record_event",
    title="Record Event",
    description="Records an event on the contact's timeline.",
    trigger='type = "track"',
    payload=RecordEventPayload,
    perform=perform,
    perform_many=perform_many,
)

handler = handler_of(lambda: ActionFunction(ACTION))

"""Record Event: put any track event onto the timeline of its contact, where segments and programs find it.

Dotdigital drops an event of a contact that it does not have, and does not say so; so the contact is looked up first. A
missing contact is made only where the mapping says so, because Dotdigital counts a new contact as subscribed to e-mail.
It is no send: an event that comes twice has one id, and Dotdigital calls ids unique. That it keeps one of the two is
believed, not known.

https://developer.dotdigital.com/reference/import-events
"""

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from itertools import batched
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, WithJsonSchema

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action, Result
from delivery.contacts import all_existing
from delivery.fields.contact import ContactPayload
from delivery.fields.payload import DefaultMapping, DependsOn, Reading
from delivery.fields.scalars import Choice, Text, text_of
from delivery.fields.timestamps import Timestamp
from delivery.outcome import Ids, Skipped
from delivery.upserts import upsert_all
from dotdigital import Contact, ContactEvent, Dotdigital, DotdigitalError, Identifier, RejectedError, UnavailableError
from dotdigital.insight_data import problem_of_type

_LONGEST_SUMMARY: Final = 160
_TOGETHER: Final = 500
_LONGEST_WAIT: Final = 1440
_NO_CONTACT: Final = "Dotdigital has no such contact"
_NOT_YET: Final = "Dotdigital does not have the contact yet"
_ADVICE: Final = "map missingContact to retry to wait for it, to skip to leave it out, to create to have it made"


def _possible_type(name: str) -> str:
    if problem := problem_of_type(name):
        raise ValueError(problem)
    return name


def _short_enough(summary: str) -> str:
    if len(summary) > _LONGEST_SUMMARY:
        raise ValueError(f"must have 1 to {_LONGEST_SUMMARY} characters")
    return summary


def _minutes(value: Any) -> int:
    text = text_of(value).strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= _LONGEST_WAIT):
        raise ValueError(f"must be a whole number of minutes, 1 to {_LONGEST_WAIT:,}")
    return int(text)


_Minutes = Annotated[int, BeforeValidator(_minutes), WithJsonSchema({"type": "integer", "minimum": 1})]


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
    missing_contact: Annotated[Literal["reject", "retry", "skip", "create"], Choice, DefaultMapping("retry")] = Field(
        "reject",
        alias="missingContact",
        title="Missing Contact",
        description="What to do if Dotdigital does not have the contact: reject or skip the event, retry it for some "
        "minutes and then reject it (right after a sign-up the contact may come later than its event), or create the "
        "contact, which Dotdigital then counts as subscribed to e-mail. Without it, the event is rejected.",
    )
    missing_contact_minutes: Annotated[_Minutes, DependsOn({"missingContact": "retry"})] = Field(
        15,
        alias="missingContactMinutes",
        title="Minutes to Wait for a Missing Contact",
        description="For how long an event is retried, 1 to 1,440 minutes since it came into its queue. Without it, 15 "
        "minutes. The direct route keeps no queue: it responds 503 each time, and the sender decides.",
    )
    _has_waited: timedelta = PrivateAttr(timedelta(0))

    def model_post_init(self, context: Reading) -> None:
        """Keep for how long the event has waited in its queue."""
        self._has_waited = context.now - context.received

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """No identifiers: each event says when it happened."""
        return ()

    def without_contact(self) -> Skipped | DotdigitalError:
        """Give what becomes of the event while Dotdigital does not have the contact, which is not to be made."""
        if self.missing_contact == "skip":
            return Skipped(_NO_CONTACT)
        if self.missing_contact == "retry" and self._has_waited < timedelta(minutes=self.missing_contact_minutes):
            return UnavailableError(_NOT_YET)
        return RejectedError(f"{_NO_CONTACT}; {_ADVICE}")

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


def perform(payload: RecordEventPayload, dotdigital: Dotdigital) -> Ids | Skipped:
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


def _record(payloads: Sequence[RecordEventPayload], dotdigital: Dotdigital) -> list[Ids | Skipped | Exception]:
    contacts = _contacts(payloads, dotdigital)
    there = [payload for payload, contact in zip(payloads, contacts, strict=True) if not isinstance(contact, _NotThere)]
    recorded = iter(_import(there, dotdigital))
    return [
        contact if isinstance(contact, _NotThere) else next(recorded) or Ids(contact_id=contact) for contact in contacts
    ]


_NotThere = (Skipped, Exception)


def _contacts(payloads: Sequence[RecordEventPayload], dotdigital: Dotdigital) -> list[int | Skipped | Exception | None]:
    """Give for each payload the id of its contact, None where it was made and is not told, or why there is none."""
    to_make = dict.fromkeys(payload.identifier for payload in payloads if payload.missing_contact == "create")
    to_find = dict.fromkeys(payload.identifier for payload in payloads if payload.missing_contact != "create")
    made = upsert_all({identifier: {} for identifier in to_make}, dotdigital)
    found = all_existing(to_find, dotdigital)
    return [
        made[payload.identifier] if payload.missing_contact == "create" else _id_of(found[payload.identifier], payload)
        for payload in payloads
    ]


def _id_of(contact: Contact | DotdigitalError | None, payload: RecordEventPayload) -> int | Skipped | DotdigitalError:
    return contact.id if isinstance(contact, Contact) else contact or payload.without_contact()


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

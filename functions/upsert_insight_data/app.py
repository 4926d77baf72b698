"""Upsert Insight Data: keep an event as a record of Insight data, such as an order, of its contact or of the account.

The record with the key is replaced, so an event that comes twice is one record, and no other record is touched. A
missing collection is made; a missing contact is not. A collection that is there keeps its type and its scope: a record
that does not fit is rejected by Dotdigital.

https://developer.dotdigital.com/reference/insight-data-1
"""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import (
    BY_EMAIL,
    BY_MOBILE_NUMBER,
    EMAIL,
    PHONE,
    WITHOUT_BOTH,
    EmailIdentifier,
    EmptyIdentifier,
    MobileNumberIdentifier,
)
from delivery.fields.payload import DefaultMapping, DependsOn, Payload, RequiredWhen
from delivery.fields.phone_numbers import NumberCountry
from delivery.fields.scalars import Choice, Text
from delivery.outcome import Ids
from dotdigital import Dotdigital, Identifier, InsightRecord, NotFoundError, RejectedError, one_spelling
from dotdigital.insight_data import CollectionType, is_collection_name

_LONGEST_KEY: Final = 256
_OF_CONTACT: Final = {"scope": "contact"}
_OF_EMAIL: Final = {**_OF_CONTACT, **BY_EMAIL}
_OF_MOBILE_NUMBER: Final = {**_OF_CONTACT, **BY_MOBILE_NUMBER}


def _collection_name(name: str) -> str:
    if not is_collection_name(name):
        raise ValueError("must be 2 to 255 letters, digits, _ or -, and begin with no digit")
    return name


def _key(key: str) -> str:
    if len(key) > _LONGEST_KEY or key in (".", ".."):
        raise ValueError(f"must have 1 to {_LONGEST_KEY} characters, and be more than dots")
    return key


class UpsertInsightDataPayload(Payload):
    """The record, its collection, and the contact where it is a contact's."""

    scope: Annotated[Literal["contact", "account"], Choice, DefaultMapping("contact")] = Field(
        title="Scope", description="Whether the record belongs to the contact or to the account."
    )
    channel_identifier: Annotated[
        Literal["email", "mobileNumber"] | None,
        Choice,
        DefaultMapping("email"),
        DependsOn(_OF_CONTACT),
        RequiredWhen(_OF_CONTACT),
    ] = Field(
        None,
        alias="channelIdentifier",
        title="Contact Identifier type",
        description="Whether the contact is found by e-mail address or by mobile number.",
    )
    email_identifier: Annotated[EmailIdentifier, EMAIL, DependsOn(_OF_EMAIL), RequiredWhen(_OF_EMAIL)] = None
    mobile_number_identifier: Annotated[
        MobileNumberIdentifier, PHONE, DependsOn(_OF_MOBILE_NUMBER), RequiredWhen(_OF_MOBILE_NUMBER)
    ] = None
    number_country: Annotated[NumberCountry, DependsOn(_OF_MOBILE_NUMBER)] = None
    empty_identifier: Annotated[EmptyIdentifier, DependsOn(_OF_CONTACT), WITHOUT_BOTH] = "reject"
    collection: Annotated[Text, AfterValidator(_collection_name)] = Field(
        title="Collection",
        description="The collection of the record. A missing one is created, of the collection type.",
    )
    collection_type: Annotated[CollectionType | None, Choice] = Field(
        None,
        alias="collectionType",
        title="Collection Type",
        description="The type of a missing collection, such as catalog for catalog_myStore. Without it, the one of "
        "Dotdigital's own types (orders, catalog and so on) that has the collection's name, else custom. "
        "Dotdigital's shop connectors keep orders and cartInsight per contact, and catalog per account.",
    )
    key: Annotated[Text, AfterValidator(_key), DefaultMapping({"@path": "$.messageId"})] = Field(
        title="Key",
        description="The key of the record, such as an order number. A record with the same key is replaced.",
    )
    record: Annotated[dict[str, Any], DefaultMapping({"@path": "$.properties"})] = Field(
        title="Record", description="The record. In Dotdigital a list may not hold lists."
    )

    @property
    def contact(self) -> Identifier | None:
        """What finds the contact, None for a record of the account."""
        if self.scope == "account":
            return None
        if self.channel_identifier == "mobileNumber":
            return Identifier("mobileNumber", self.mobile_number_identifier or "")
        return Identifier("email", self.email_identifier or "")

    @property
    def person(self) -> str:
        """The contact's address or number in one spelling, or the key of a record of the account."""
        return one_spelling(self.contact.value) if self.contact else f"{self.collection}/{self.key}"


def perform(payload: UpsertInsightDataPayload, dotdigital: Dotdigital) -> Ids:
    """Put the record, and make the collection first where it is missing."""
    record = InsightRecord(payload.collection, payload.key, payload.record, payload.contact)
    try:
        dotdigital.insight_data.put(record)
    except NotFoundError as error:
        if not _says_no_collection(error):
            raise
        _put_into_new(record, payload, dotdigital)
    return Ids(collection=payload.collection)


def _put_into_new(record: InsightRecord, payload: UpsertInsightDataPayload, dotdigital: Dotdigital) -> None:
    dotdigital.insight_data.create_collection(payload.collection, payload.scope, payload.collection_type)
    try:
        dotdigital.insight_data.put(record)
    except NotFoundError as error:
        if not _says_no_collection(error):
            raise
        text = "the collection is there for the other scope, or not shown yet: look at its scope, then replay"
        raise RejectedError(text, status=error.status, code=error.code) from None


def _says_no_collection(error: NotFoundError) -> bool:
    return (error.code or "").lower().endswith(":collectionnotfound")


ACTION = Action(
    name="upsert_insight_data",
    title="Upsert Insight Data",
    description="Creates or replaces a record of Insight data, such as an order.",
    trigger='type = "track" and event = "Upsert Insight Data"',
    payload=UpsertInsightDataPayload,
    perform=perform,
)

handler = handler_of(lambda: ActionFunction(ACTION))

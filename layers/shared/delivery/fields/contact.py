"""The fields that name a contact, shared by the actions on contacts."""

from typing import Annotated, Literal

from pydantic import Field

from delivery.fields.conditions import DefaultMapping, DependsOn, RequiredWhen, first_of
from delivery.fields.email_addresses import EmailAddress
from delivery.fields.payload import Payload
from delivery.fields.phone_numbers import MobileNumber, NumberCountry
from delivery.fields.scalars import Choice, Flag
from dotdigital import ContactDetails, Identifier, one_spelling

EMAIL = DefaultMapping(first_of("$.traits.email", "$.properties.email"))
PHONE = DefaultMapping(first_of("$.traits.phone", "$.properties.phone"))
BY_EMAIL = {"channelIdentifier": "email"}
BY_MOBILE_NUMBER = {"channelIdentifier": "mobileNumber"}
_WITH_NUMBER = DependsOn(BY_MOBILE_NUMBER, otherwise={"alsoSetMobileNumber": True})


class ContactPayload(Payload):
    """A payload about one contact, found by e-mail address or by mobile number; the other is ignored."""

    channel_identifier: Annotated[Literal["email", "mobileNumber"], Choice, DefaultMapping("email")] = Field(
        alias="channelIdentifier",
        title="Contact Identifier type",
        description="Select the field to identify contacts.",
    )
    email_identifier: Annotated[EmailAddress | None, EMAIL, DependsOn(BY_EMAIL), RequiredWhen(BY_EMAIL)] = Field(
        None, alias="emailIdentifier", title="Email Address", description="The contact's e-mail address."
    )
    mobile_number_identifier: Annotated[
        MobileNumber | None, PHONE, DependsOn(BY_MOBILE_NUMBER), RequiredWhen(BY_MOBILE_NUMBER)
    ] = Field(
        None,
        alias="mobileNumberIdentifier",
        title="Mobile Number",
        description="The contact's mobile number in E.164 format: +447700900123.",
    )
    number_country: Annotated[NumberCountry, DependsOn(BY_MOBILE_NUMBER)] = None

    @property
    def identifier(self) -> Identifier:
        """What finds the contact in Dotdigital."""
        value = self.email_identifier if self.channel_identifier == "email" else self.mobile_number_identifier
        return Identifier(self.channel_identifier, value or "")

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The one that finds the contact."""
        return (self.identifier,)

    @property
    def person(self) -> str:
        """The contact's address or number, in one spelling."""
        return one_spelling(self.identifier.value)


class ContactWithNumberPayload(ContactPayload):
    """A payload about one contact that may be given its mobile number beside the address that finds it."""

    mobile_number_identifier: Annotated[MobileNumber | None, PHONE, _WITH_NUMBER, RequiredWhen(BY_MOBILE_NUMBER)] = (
        Field(
            None,
            alias="mobileNumberIdentifier",
            title="Mobile Number",
            description="The contact's mobile number in E.164 format: +447700900123.",
        )
    )
    number_country: Annotated[NumberCountry, _WITH_NUMBER] = None
    also_set_mobile_number: Annotated[Flag, DependsOn(BY_EMAIL)] = Field(
        False,
        alias="alsoSetMobileNumber",
        title="Also Set Mobile Number",
        description="Whether a contact that is found by e-mail address is given the mobile number, where the event has "
        "one. No SMS status is sent: a contact that is there keeps its own, a new one gets what the account's settings "
        "say (Settings > Contacts > Mobile subscription). Another contact's number is rejected.",
    )

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """The one that finds the contact, and the number that it is given."""
        return (self.identifier, *self._given)

    def given_identifiers(self) -> ContactDetails:
        """Give the details that add a number to the address that finds the contact, empty where there is none."""
        return {"identifiers": dict([self.identifier, *self._given])} if self._given else {}

    @property
    def _given(self) -> tuple[Identifier, ...]:
        number = self.mobile_number_identifier if self.channel_identifier == "email" else None
        return (Identifier("mobileNumber", number),) if number else ()

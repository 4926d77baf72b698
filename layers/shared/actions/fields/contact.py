"""The fields that name a contact, shared by the actions on contacts."""

from typing import Annotated, Literal

from pydantic import Field

from actions.fields.conditions import DefaultMapping, DependsOn, RequiredWhen, first_of
from actions.fields.email_addresses import EmailAddress
from actions.fields.payload import Payload
from actions.fields.phone_numbers import MobileNumber, NumberCountry
from actions.fields.scalars import Choice
from dotdigital import Identifier, one_spelling

EMAIL = DefaultMapping(first_of("$.traits.email", "$.properties.email"))
PHONE = DefaultMapping(first_of("$.traits.phone", "$.properties.phone"))
BY_EMAIL = {"channelIdentifier": "email"}
BY_MOBILE_NUMBER = {"channelIdentifier": "mobileNumber"}


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

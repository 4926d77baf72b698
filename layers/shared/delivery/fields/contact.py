"""The fields that name a contact, its channels, and the e-mail that asks it to confirm a resubscription.

https://developer.dotdigital.com/reference/importcontact
"""

from typing import Annotated, Literal

from pydantic import Field

from delivery.fields.email_addresses import EmailAddress
from delivery.fields.payload import DefaultMapping, DependsOn, Payload, RequiredWhen, SkipsWithout, first_of
from delivery.fields.phone_numbers import MobileNumber, NumberCountry
from delivery.fields.scalars import Choice, Flag, WebAddress
from dotdigital import ContactDetails, Identifier, one_spelling

Channel = Literal["email", "sms"]
EMAIL = DefaultMapping(first_of("$.traits.email", "$.properties.email"))
PHONE = DefaultMapping(first_of("$.traits.phone", "$.properties.phone"))
BY_EMAIL = {"channelIdentifier": "email"}
BY_MOBILE_NUMBER = {"channelIdentifier": "mobileNumber"}
_WITH_NUMBER = DependsOn(BY_MOBILE_NUMBER, otherwise={"alsoSetMobileNumber": True})

ChannelIdentifier = Annotated[
    Literal["email", "mobileNumber"],
    Choice,
    DefaultMapping("email"),
    Field(
        alias="channelIdentifier",
        title="Contact Identifier type",
        description="Whether the contact is found by e-mail address or by mobile number.",
    ),
]
EmailIdentifier = Annotated[
    EmailAddress | None,
    Field(alias="emailIdentifier", title="Email Address", description="The contact's e-mail address."),
]
MobileNumberIdentifier = Annotated[
    MobileNumber | None,
    Field(
        alias="mobileNumberIdentifier",
        title="Mobile Number",
        description="The contact's mobile number in E.164 format, such as +447700900123.",
    ),
]
EmptyIdentifier = Annotated[
    Literal["reject", "skip"],
    Choice,
    Field(
        alias="emptyIdentifier",
        title="Empty Identifier",
        description="What to do with an event that gives neither an address nor a number in the fields for them, as "
        "events of anonymous visitors do: reject or skip it. Without it, the event is rejected. An event that gives "
        "one is never skipped for this.",
    ),
]
WITHOUT_BOTH = SkipsWithout.of("emailIdentifier", "mobileNumberIdentifier")
PreferredLocale = Annotated[
    Literal[
        "cs-CS", "da-DA", "de-DE", "el-EL", "en-EN", "es-ES", "es", "fi-FI", "fr-FR", "hu-HU",
        "it-IT", "nl-NL", "nb-NO", "pl-PL", "pt-PT", "ru-RU", "se-SE", "sk-SK", "tr-TR", "zh-CN",
    ]
    | None,
    Choice,
    Field(
        alias="preferredLocale",
        title="Preferred Language",
        description="The language of the e-mail that asks to confirm the resubscription.",
    ),
]  # fmt: skip
RedirectUrl = Annotated[
    WebAddress | None,
    Field(
        alias="redirectUrlAfterChallenge",
        title="Redirect URL",
        description="Where the contact lands after confirming the resubscription.",
    ),
]


class ContactPayload(Payload):
    """A payload about one contact, found by e-mail address or by mobile number; the other is ignored."""

    channel_identifier: ChannelIdentifier
    email_identifier: Annotated[EmailIdentifier, EMAIL, DependsOn(BY_EMAIL), RequiredWhen(BY_EMAIL)] = None
    mobile_number_identifier: Annotated[
        MobileNumberIdentifier, PHONE, DependsOn(BY_MOBILE_NUMBER), RequiredWhen(BY_MOBILE_NUMBER)
    ] = None
    number_country: Annotated[NumberCountry, DependsOn(BY_MOBILE_NUMBER)] = None
    empty_identifier: Annotated[EmptyIdentifier, WITHOUT_BOTH] = "reject"

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

    mobile_number_identifier: Annotated[MobileNumberIdentifier, PHONE, _WITH_NUMBER, RequiredWhen(BY_MOBILE_NUMBER)] = (
        None
    )
    number_country: Annotated[NumberCountry, _WITH_NUMBER] = None
    also_set_mobile_number: Annotated[Flag, DependsOn(BY_EMAIL)] = Field(
        False,
        alias="alsoSetMobileNumber",
        title="Also Set Mobile Number",
        description="Whether to give a contact that is found by e-mail address the mobile number of the event. No "
        "SMS status is sent: an existing contact keeps its own, and a new one gets what the account sets "
        "(Settings > Contacts > Mobile subscription). A number of another contact is rejected.",
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


class ChannelsPayload(ContactPayload):
    """A payload about a contact's subscription to e-mail, to SMS or to both."""

    channel: Annotated[Literal["email", "sms", "both"] | None, Choice] = Field(
        None,
        title="Channel",
        description="The channel to change. Without it, the channel by which the contact is found.",
    )

    @property
    def identifying_channel(self) -> Channel:
        """The channel that finds the contact, which it therefore has."""
        return "email" if self.channel_identifier == "email" else "sms"

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are meant."""
        return ("email", "sms") if self.channel == "both" else (self.channel or self.identifying_channel,)

"""Add or Update Contact: create or update a contact, and add it to a list where one is given.

https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action, Result
from delivery.fields.contact import BY_EMAIL, BY_MOBILE_NUMBER, ContactWithNumberPayload, PreferredLocale, RedirectUrl
from delivery.fields.data_fields import typed_values
from delivery.fields.payload import DefaultMapping, DependsOn
from delivery.fields.scalars import Choice, Flag, Id
from delivery.outcome import Ids
from delivery.upserts import BULK_FROM, updates_of, upsert_many
from dotdigital import ContactDetails, Dotdigital

_EmailType = Annotated[Literal["html", "plainText"], Choice]
_OptInType = Annotated[Literal["unknown", "single", "double", "verifiedDouble"], Choice]
_Status = Annotated[Literal["subscribed", "unsubscribed", "suppressed"], Choice]
_TO_SUBSCRIBED: Final = {"updateEmailSubscription": True, "emailSubscriptionStatus": "subscribed"}
_WITH_CHALLENGE: Final = {"emailResubscribe": True, "resubscribeWithoutChallengeEmail": False}


class AddContactToListPayload(ContactWithNumberPayload):
    """The contact, its subscription to a channel, a list and data fields."""

    email_type: Annotated[_EmailType | None, DefaultMapping("html"), DependsOn(BY_EMAIL)] = Field(
        None,
        alias="emailType",
        title="Email Type",
        description="The type of e-mail that the contact prefers. Without it, the type stays as it is.",
    )
    opt_in_type: Annotated[_OptInType | None, DefaultMapping("single"), DependsOn(BY_EMAIL)] = Field(
        None,
        alias="optInType",
        title="Opt-in Type",
        description="How the contact opted in. Without it, the type stays as it is, and with it the proof of a "
        "double opt-in.",
    )
    update_email_subscription: Annotated[Flag, DefaultMapping(True), DependsOn(BY_EMAIL)] = Field(
        True,
        alias="updateEmailSubscription",
        title="Update Email Subscription Status",
        description="Whether to update the e-mail subscription status.",
    )
    email_subscription_status: Annotated[
        _Status | None, DefaultMapping("subscribed"), DependsOn({"updateEmailSubscription": True})
    ] = Field(
        None,
        alias="emailSubscriptionStatus",
        title="Email Subscription Status",
        description="The subscription status for the e-mail channel. Without it, the status stays as it is.",
    )
    email_resubscribe: Annotated[Flag, DefaultMapping(True), DependsOn(_TO_SUBSCRIBED)] = Field(
        False,
        alias="emailResubscribe",
        title="Resubscribe if Previously Unsubscribed",
        description="Whether to send the status subscribed, which resubscribes a contact who left.",
    )
    resubscribe_without_challenge_email: Annotated[
        Flag, DefaultMapping(False), DependsOn({"emailResubscribe": True})
    ] = Field(
        False,
        alias="resubscribeWithoutChallengeEmail",
        title="Resubscribe Without Challenge Email",
        description="If true, no e-mail asks the contact to confirm the resubscription.",
    )
    preferred_locale: Annotated[PreferredLocale, DependsOn(_WITH_CHALLENGE)] = None
    redirect_url_after_challenge: Annotated[RedirectUrl, DependsOn(_WITH_CHALLENGE)] = None
    update_sms_subscription: Annotated[Flag, DefaultMapping(True), DependsOn(BY_MOBILE_NUMBER)] = Field(
        True,
        alias="updateSmsSubscription",
        title="Update SMS Subscription Status",
        description="Whether to update the SMS subscription status.",
    )
    sms_subscription_status: Annotated[
        _Status | None, DefaultMapping("subscribed"), DependsOn({**BY_MOBILE_NUMBER, "updateSmsSubscription": True})
    ] = Field(
        None,
        alias="smsSubscriptionStatus",
        title="SMS Subscription Status",
        description="The subscription status for the SMS channel. Without it, the status stays as it is.",
    )
    list_id: Id | None = Field(
        None,
        alias="listId",
        title="List",
        description="The list to add the contact to. Without it, the contact joins none.",
    )
    data_fields: dict[str, Any] | None = Field(
        None,
        alias="dataFields",
        title="Data Fields",
        description="Values by data field. The data fields must exist in Dotdigital. null clears a data field; blank "
        "text leaves it as it is. A list becomes text in a String field, joined by commas.",
    )

    def channel_properties(self) -> dict[str, Any]:
        """Give what v3 calls channelProperties: only the channel that finds the contact, only what the mapping says."""
        if self.channel_identifier == "mobileNumber":
            return {"sms": {"status": self.sms_subscription_status}} if self.sms_subscription_status else {}
        email = {"emailType": self.email_type, "optInType": self.opt_in_type, **self._email_status()}
        kept = {name: value for name, value in email.items() if value is not None}
        return {"email": kept} if kept else {}

    def _email_status(self) -> dict[str, Any]:
        if self.email_subscription_status != "subscribed":
            return {"status": self.email_subscription_status}
        if not self.email_resubscribe:
            return {}
        options = {
            "resubscribeWithNoChallenge": self.resubscribe_without_challenge_email,
            "preferredLocale": self.preferred_locale,
            "redirectUrlAfterChallenge": self.redirect_url_after_challenge,
        }
        return {
            "status": "subscribed",
            "resubscribeOptions": {name: value for name, value in options.items() if value is not None},
        }


def perform(payload: AddContactToListPayload, dotdigital: Dotdigital) -> Ids:
    """Create or update the contact in one request, once its data fields are known."""
    contact = dotdigital.contacts.upsert(payload.identifier, _details(payload, dotdigital))
    return Ids(contact_id=contact.id if contact else None)


def perform_many(
    payloads: Sequence[AddContactToListPayload], people: Sequence[int], dotdigital: Dotdigital
) -> list[Result]:
    """Create or update the contacts, many in one import."""
    upserted = upsert_many(updates_of(payloads, people, _details, dotdigital), dotdigital)
    return [each if isinstance(each, Exception) else Ids(contact_id=each) for each in upserted]


def _details(payload: AddContactToListPayload, dotdigital: Dotdigital) -> ContactDetails:
    details: ContactDetails = {**payload.given_identifiers(), "channelProperties": payload.channel_properties()}
    if payload.list_id:
        details["lists"] = [payload.list_id]
    if payload.data_fields is not None:
        known = dotdigital.data_fields.look_up(payload.data_fields) if payload.data_fields else {}
        details["dataFields"] = typed_values(payload.data_fields, known)
    return details


ACTION = Action(
    name="add_contact_to_list",
    title="Add or Update Contact",
    description="Creates or updates a contact, and adds it to a list.",
    trigger='type = "track" and event = "Add or Update Contact"',
    payload=AddContactToListPayload,
    perform=perform,
    perform_many=perform_many,
    many_from=BULK_FROM,
)

handler = handler_of(lambda: ActionFunction(ACTION))

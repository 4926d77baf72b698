"""Send Transactional Email: send one e-mail with its own content.

https://developer.dotdigital.com/reference/send-transactional-email
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import EMAIL, EmptyIdentifier
from delivery.fields.email_addresses import EmailAddresses, NamedEmailAddress
from delivery.fields.payload import Payload, SkipsWithout
from delivery.fields.scalars import Text
from delivery.outcome import Ids
from dotdigital import Dotdigital, Email, one_spelling


def _one_line(subject: str) -> str:
    if subject.splitlines() != [subject]:
        raise ValueError("must be one line, without line breaks")
    return subject


class SendTransactionalEmailPayload(Payload):
    """The e-mail."""

    from_address: NamedEmailAddress = Field(
        alias="fromAddress",
        title="From Address",
        description="A from address of the account, with a display name if you like: My Company <hello@example.com>. "
        "Dotdigital replaces an unknown one with the account's default.",
    )
    to_addresses: Annotated[EmailAddresses, EMAIL] = Field(
        alias="toAddresses",
        title="To Address",
        description="The recipients, separated by commas, at most 100. Display names are left out.",
    )
    empty_identifier: Annotated[EmptyIdentifier, SkipsWithout.of("toAddresses")] = "reject"
    subject: Annotated[Text, AfterValidator(_one_line)] = Field(
        title="Subject", description="The subject line, without line breaks."
    )
    html_content: Text = Field(alias="htmlContent", title="HTML Content", description="The HTML content.")
    plain_text_content: Text | None = Field(
        None, alias="plainTextContent", title="Plain Text Content", description="The plain text content."
    )
    cc_addresses: EmailAddresses = Field(
        (), alias="ccAddresses", title="CC Addresses", description="Separated by commas, at most 100."
    )
    bcc_addresses: EmailAddresses = Field(
        (), alias="bccAddresses", title="BCC Addresses", description="Separated by commas, at most 100."
    )

    @property
    def person(self) -> str:
        """Those to whom it goes, in one spelling and order."""
        return ",".join(sorted(map(one_spelling, self.to_addresses)))


def perform(payload: SendTransactionalEmailPayload, dotdigital: Dotdigital) -> Ids:
    """Send the e-mail and tell to how many. Dotdigital gives no id."""
    email = Email(
        sender=payload.from_address,
        to=payload.to_addresses,
        subject=payload.subject,
        html=payload.html_content,
        plain_text=payload.plain_text_content,
        cc=payload.cc_addresses,
        bcc=payload.bcc_addresses,
    )
    dotdigital.transactional_email.send(email)
    return Ids(recipients=len(email.to) + len(email.cc) + len(email.bcc))


ACTION = Action(
    name="send_transactional_email",
    title="Send Transactional Email",
    description="Sends a transactional e-mail.",
    trigger='type = "track" and event = "Send Transactional Email"',
    payload=SendTransactionalEmailPayload,
    perform=perform,
    is_send=True,
)

handler = handler_of(lambda: ActionFunction(ACTION))

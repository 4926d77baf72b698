"""SMS to one number through v2: POST /v2/sms-messages/send-to/{telephoneNumber}.

https://developer.dotdigital.com/reference/send-single-sms
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import Field

from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, v2_body

_LONGEST: Final = 1600
_NUMBER: Final = re.compile(r"\+?[1-9][0-9]{6,14}")


class SmsMessage(V2Body):
    """The body: the text alone."""

    message: Annotated[str, Field(min_length=1, max_length=_LONGEST)]


def post_sms(call: Call) -> Answer:
    """Send an SMS; the answer has no body and names no message."""
    number = call.params["telephoneNumber"]
    given = v2_body(call, SmsMessage, "ERROR_SMS_INVALID")
    if not _NUMBER.fullmatch(number):
        raise Refusal(v2_error(400, "ERROR_SMS_INVALIDPHONENUMBER"))
    call.effect("sms_sent", api="v2", to=number.removeprefix("+"), message=given.message)
    return Answer(204)


ROUTES: Final = (Route("POST", "/v2/sms-messages/send-to/{telephoneNumber}", post_sms, "unlimited"),)

"""GET, PATCH and DELETE of /contacts/v3/{identifier}/{value}.

https://developer.dotdigital.com/reference/unified-contacts
"""

from __future__ import annotations

from typing import Final

from dev.sandbox.answers import Answer, Refusal, bad_request
from dev.sandbox.call import Call, Route
from dev.sandbox.contact_path import existing, named
from dev.sandbox.contact_request import ContactRequest, read_v3_body
from dev.sandbox.contact_update import MERGE_OPTIONS, upsert

_PATH: Final = "/contacts/v3/{identifier}/{value}"


def get_contact(call: Call) -> Answer:
    """Answer with the full contact."""
    return Answer(200, call.account.reply(existing(call)))


def patch_contact(call: Call) -> Answer:
    """Create (201) or update (200) a contact; answer with the full contact."""
    merge = call.query.get("merge-option", "overwrite")
    if merge not in MERGE_OPTIONS:
        raise Refusal(bad_request([("merge-option", f"Not one of {', '.join(MERGE_OPTIONS)}")]))
    request = read_v3_body(ContactRequest, call.body)
    it = named(call)
    contact = upsert(call, it, request, merge)
    return Answer(201 if it.contact is None else 200, call.account.reply(contact))


def delete_contact(call: Call) -> Answer:
    """Delete the contact itself: into the recycle bin, from where a PATCH brings it back."""
    contact = existing(call)
    contact.deleted = True
    call.effect("contact_deleted", contactId=contact.contact_id)
    return Answer(200, {"contactId": contact.contact_id})


ROUTES: Final = (
    Route("GET", _PATH, get_contact, "high"),
    Route("PATCH", _PATH, patch_contact, "medium"),
    Route("DELETE", _PATH, delete_contact, "medium"),
)

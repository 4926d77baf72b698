"""PUT /contacts/v3/import and GET /contacts/v3/import/{importId}: many contacts in one call.

https://developer.dotdigital.com/reference/importcontacts-1. The work is done at once; the report
can be held back for some polls.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from local.sandbox.answers import Answer, Refusal, v3_error
from local.sandbox.call import Call, Route
from local.sandbox.contact_request import V3Body, read_v3_body
from local.sandbox.import_book import MOST_ACTIVE, empty_report
from local.sandbox.import_run import ImportedContact, ImportRun

_MERGE: Final = {
    "overwrite": "overwrite",
    "overwriteIfNotEmpty": "overwrite-if-not-empty",
    "overwriteIfEmpty": "overwrite-if-empty",
}


class ImportRequest(V3Body):
    """The body of PUT /contacts/v3/import."""

    merge_option: Literal["overwrite", "overwriteIfNotEmpty", "overwriteIfEmpty"] = "overwrite"
    contacts: Annotated[list[ImportedContact], Field(min_length=1)]


def put_import(call: Call) -> Answer:
    """Create or update the contacts, each for itself; answer with the id of the import."""
    imports = call.state.imports
    if imports.is_full:
        text = f"{MOST_ACTIVE} imports are active"
        raise Refusal(v3_error(429, "contacts:tooManyActiveImports", text))
    request = read_v3_body(ImportRequest, call.body)
    if imports.rules.status != "Finished":
        return Answer(202, {"importId": imports.add(empty_report(imports.rules.status))})
    run = ImportRun(call, _MERGE[request.merge_option])
    for contact in request.contacts:
        run.take(contact)
    return Answer(202, {"importId": imports.add(run.report())})


def get_import(call: Call) -> Answer:
    """Answer with how far the import is, and with its report at its end."""
    answer = call.state.imports.poll(call.params["importId"])
    if answer is None:
        raise Refusal(v3_error(404, "contacts:importNotFound", "Import not found"))
    return Answer(200, answer)


ROUTES: Final = (
    Route("PUT", "/contacts/v3/import", put_import, "low"),
    Route("GET", "/contacts/v3/import/{importId}", get_import, "unlimited"),
)

"""PUT /contacts/v3/import and GET /contacts/v3/import/{importId}: many contacts in one call.

https://developer.dotdigital.com/reference/importcontacts-1. The work is done at once; the report
can be held back for some polls.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from dev.sandbox.answers import Answer, Problems, Refusal, v3_error
from dev.sandbox.call import Call, Route
from dev.sandbox.contact_request import V3Body, read_v3_body
from dev.sandbox.import_book import MOST_ACTIVE, empty_report
from dev.sandbox.import_run import ImportedContact, ImportRun

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
    request = read_v3_body(ImportRequest, call.body, _bad_import)
    if imports.rules.status != "Finished":
        return Answer(202, {"importId": imports.add(empty_report(imports.rules.status))})
    run = ImportRun(call, _MERGE[request.merge_option])
    for contact in request.contacts:
        run.take(contact)
    return Answer(202, {"importId": imports.add(run.report())})


def _bad_import(problems: Problems) -> Answer:
    """The 400 of an import, whose code and words are not those of PATCH: Dotdigital's PHP SDK is tested for them."""
    place, fault = problems[0]
    if fault.startswith("Invalid JSON"):
        return v3_error(400, "contacts:badJson", "The request JSON is badly formed")
    name = place.rpartition(".")[2]
    text = f"The {name[:1].upper()}{name[1:]} field is required" if fault == "Field required" else "Bad request"
    return v3_error(400, "contacts:badRequest", text, problems)


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

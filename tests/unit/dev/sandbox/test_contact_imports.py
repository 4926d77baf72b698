"""Many contacts in one call, and the report on them."""

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

IMPORT = "/contacts/v3/import"
NOTHING = {
    "newContacts": 0,
    "updatedContacts": 0,
    "globallySuppressed": 0,
    "invalidEntries": 0,
    "duplicateIdentifiers": 0,
}


def contact(address: str, **more: object) -> dict[str, object]:
    return {"matchIdentifier": "email", "identifiers": {"email": address}, **more}


def report_on(api: Any, *contacts: object, **body: object) -> Any:
    """What the import of these contacts reports, without its id."""
    status, answer = api("PUT", IMPORT, {"contacts": contacts, **body})
    assert (status, list(answer)) == (202, ["importId"])
    status, report = api("GET", f"{IMPORT}/{answer['importId']}")
    assert (status, report.pop("importId")) == (200, answer["importId"])
    return report


def test_contacts_are_created_and_updated(api: Any, effects: Any) -> None:
    report = report_on(
        api,
        contact("new@example.com", lists=[301], dataFields={"city": "York"}),
        contact("KIM@example.com", dataFields={"CITY": None}, channelProperties={"sms": {"status": "unsubscribed"}}),
        {"matchIdentifier": "mobileNumber", "identifiers": {"mobileNumber": "447700900005"}},
        {"matchIdentifier": "contactId", "identifiers": {"contactId": 1002, "mobileNumber": "447700900002"}},
    )
    kim = {"email": "KIM@example.com", "mobileNumber": "447700900001"}
    assert report == {
        "status": "Finished",
        "summary": NOTHING | {"newContacts": 1, "updatedContacts": 3},
        "created": [{"contactId": 1008, "identifiers": {"email": "new@example.com"}}],
        "updated": [
            {"contactId": 1001, "identifiers": kim},
            {"contactId": 1005, "identifiers": {"mobileNumber": "447700900005"}},
            {"contactId": 1002, "identifiers": {"email": "lee@example.org", "mobileNumber": "447700900002"}},
        ],
        "failures": [],
    }
    assert effects() == [
        ("contact_created", {"contactId": 1008, "changed": ["email", "CITY"]}),
        ("status_changed", {"contactId": 1008, "channel": "email", "old": None, "new": "subscribed"}),
        ("list_joined", {"contactId": 1008, "listId": 301}),
        ("contact_updated", {"contactId": 1001, "changed": ["email", "CITY"]}),
        ("status_changed", {"contactId": 1001, "channel": "sms", "old": "subscribed", "new": "unsubscribed"}),
        ("contact_updated", {"contactId": 1005, "changed": []}),
        ("contact_updated", {"contactId": 1002, "changed": ["mobileNumber"]}),
    ]


@pytest.mark.parametrize(
    ("bad", "known", "failures"),
    [
        (contact("kim"), {}, [("invalidEmail", "Not a valid email")]),
        (
            {"matchIdentifier": "mobileNumber", "identifiers": {"mobileNumber": "0770090"}},
            {},
            [("invalidMobileNumber", "Not a valid mobileNumber")],
        ),
        (
            {"matchIdentifier": "mobileNumber", "identifiers": {"email": "kim@example.com"}},
            {},
            [("invalidIdentifier", "The contact has no mobileNumber to be matched by")],
        ),
        (
            {"matchIdentifier": "contactId", "identifiers": {"contactId": 9999, "email": "new@example.com"}},
            {},
            [("invalidId", "9999: Not a valid value for the identifier 'contactId'")],
        ),
        (contact("LEE@example.org"), {}, [("duplicateIdentifier", "An identifier is in the import already")]),
        (
            {"matchIdentifier": "email", "identifiers": {"email": "kim@example.com", "mobileNumber": "447700900005"}},
            {"contactId": 1001},
            [("idAlreadyExists", "mobileNumber: The mobileNumber belongs to another contact")],
        ),
        (
            contact("kim@example.com", dataFields={"SHOE": 42, "VIP": "no"}, lists=[999]),
            {"contactId": 1001},
            [
                ("badRequest", "dataFields.SHOE: Data field not found"),
                ("badRequest", "dataFields.VIP: Value is not a Boolean"),
                ("badRequest", "lists: List 999 is not found or takes no contacts"),
            ],
        ),
    ],
)
def test_a_contact_that_is_refused_is_a_failure_and_the_others_are_done(
    api: Any, effects: Any, bad: dict[str, Any], known: dict[str, int], failures: list[tuple[str, str]]
) -> None:
    report = report_on(api, contact("lee@example.org"), bad, contact("sam@example.com"))
    duplicates = int(failures[0][0] == "duplicateIdentifier")
    assert report == {
        "status": "Finished",
        "summary": NOTHING
        | {"updatedContacts": 2, "invalidEntries": 1 - duplicates, "duplicateIdentifiers": duplicates},
        "created": [],
        "updated": [
            {"contactId": 1002, "identifiers": {"email": "lee@example.org"}},
            {"contactId": 1003, "identifiers": {"email": "sam@example.com"}},
        ],
        "failures": [
            {
                **known,
                "matchIdentifier": bad["matchIdentifier"],
                "identifiers": bad["identifiers"],
                "failures": [{"failureCode": code, "description": text} for code, text in failures],
            }
        ],
    }
    assert effects() == [("contact_updated", {"contactId": number, "changed": []}) for number in (1002, 1003)]


def test_a_missing_field_and_bad_json_are_told_in_the_words_of_dotdigital(api: Any) -> None:
    status, answer = api("PUT", IMPORT, {"contacts": [{"matchIdentifier": "email"}]})
    told = (answer.pop("details"), status, answer)[1:]
    assert told == (400, {"errorCode": "contacts:badRequest", "description": "The Identifiers field is required"})
    headers = {"Content-Type": "application/json"}
    badly_formed = {"errorCode": "contacts:badJson", "description": "The request JSON is badly formed"}
    assert api("PUT", IMPORT, data="{", headers=headers) == (400, badly_formed)


def test_an_unknown_import_is_404(api: Any) -> None:
    missing = {"errorCode": "contacts:importNotFound", "description": "Import not found"}
    assert api("GET", f"{IMPORT}/b1946ac9") == (404, missing)


def test_an_import_can_take_some_polls(api: Any, sandbox: Any) -> None:
    sandbox.imports(polls=2)
    _, answer = api("PUT", IMPORT, {"contacts": [contact("kim@example.com")]})
    sandbox.imports()
    reports = [api("GET", f"{IMPORT}/{answer['importId']}")[1] for _ in range(4)]
    unfinished = {"importId": answer["importId"], "status": "NotFinished", "summary": {}, "created": [], "updated": []}
    assert reports[:2] == [{**unfinished, "failures": []}] * 2
    assert [(report["status"], len(report["updated"])) for report in reports[2:]] == [("Finished", 1)] * 2


@pytest.mark.parametrize("status", ["RejectedByWatchdog", "Failed", "ExceedsAllowedContactLimit"])
def test_an_import_can_end_otherwise_and_does_nothing_then(api: Any, sandbox: Any, effects: Any, status: Any) -> None:
    sandbox.imports(status=status)
    report = report_on(api, contact("kim@example.com", lists=[303]))
    assert report == {"status": status, "summary": {}, "created": [], "updated": [], "failures": []}
    assert effects() == []


def test_twenty_five_imports_may_be_unfinished(api: Any, sandbox: Any, effects: Any) -> None:
    sandbox.imports(polls=1)
    body = {"contacts": [contact("kim@example.com")]}
    answers = [api("PUT", IMPORT, body) for _ in range(26)]
    assert [status for status, _ in answers] == [202] * 25 + [429]
    assert answers[25][1] == {
        "errorCode": "contacts:tooManyActiveImports",
        "description": "25 imports are active",
    }
    assert len(effects()) == 25
    api("GET", f"{IMPORT}/{answers[0][1]['importId']}")
    assert [api("PUT", IMPORT, body)[0] for _ in range(2)] == [202, 429]


def test_a_thousand_contacts_are_one_import(api: Any) -> None:
    contacts = [
        contact(f"c{number}@example.com", lists=[301, 302], dataFields={"CITY": "York", "POINTS": number})
        for number in range(1_000)
    ]
    report = report_on(api, *contacts)
    assert report["summary"] == NOTHING | {"newContacts": 1_000}

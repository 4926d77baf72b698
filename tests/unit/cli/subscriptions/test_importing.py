"""Each subscription is checked as a function checks it, and gets a name of its own."""

import json
from typing import Any

import pytest

from cli.subscriptions.importing import Imported, import_all
from cli.subscriptions.segment_export import read_export
from tests.unit.cli.subscriptions.exports import ENTRY, SUBSCRIPTION, answer

PLACE = "data.subscriptions[0]"


PLUS = (
    ": numbers without + are rejected here; "
    "where yours have none, map numberCountry (a country's code, or international)"
)


def imported(*subscriptions: dict[str, Any], existing: tuple[dict[str, Any], ...] = ()) -> list[Imported]:
    return import_all(read_export(json.dumps(answer(*subscriptions))).subscriptions, existing)


def test_a_subscription_as_ours() -> None:
    assert imported() == [Imported(PLACE, "imported", "Order texts", ENTRY, (), (f"to{PLUS}",))]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"trigger": "event ="}, "trigger: column 8: expected a value"),
        ({"settings": {"to": {"@pth": "$.x"}}}, "settings/to: @pth is no directive; did you mean @path?"),
        ({"settings": "{"}, "settings: Input should be an object"),
        ({"actionSlug": "sendFax"}, "actionSlug: no action 'sendFax'; the actions are add_contact_to_list, "),
        ({"enabled": "perhaps"}, "enabled: Input should be a valid boolean"),
        ({"modelId": "m"}, "modelId: it takes the rows of a Reverse ETL model"),
    ],
)
def test_a_problem_has_its_place_in_what_segment_gave(change: dict[str, Any], problem: str) -> None:
    [refused] = imported({**SUBSCRIPTION, **change})
    assert refused.status == "refused"
    assert [text[: len(f"{PLACE} (Order texts): {problem}")] for text in refused.problems] == [
        f"{PLACE} (Order texts): {problem}"
    ]


def test_every_problem_is_told() -> None:
    [refused] = imported({**SUBSCRIPTION, "modelId": "m", "trigger": "event =", "actionSlug": "x", "settings": 7})
    assert len(refused.problems) == 4


def test_what_segment_only_knows_by_id_is_refused() -> None:
    [refused] = imported({key: value for key, value in SUBSCRIPTION.items() if key != "actionSlug"})
    assert refused.problems == (f"{PLACE} (Order texts): actionSlug: is required",)


@pytest.mark.parametrize("key", ["trigger", "settings"])
def test_what_the_export_lacks_is_not_made_up(key: str) -> None:
    [refused] = imported({name: value for name, value in SUBSCRIPTION.items() if name != key})
    assert refused.problems == (f"{PLACE} (Order texts): {key}: is required",)


def test_what_is_there_may_leave_out_what_its_action_has() -> None:
    default = {"name": "Order texts", "partnerAction": "sendSms"}
    assert [each.name for each in imported(existing=(default,))] == ["Order texts (2)"]


def test_names_stay_unique() -> None:
    other = {**SUBSCRIPTION, "trigger": "type = track"}
    done = imported(SUBSCRIPTION, other, {**other, "enabled": False}, existing=({**ENTRY, "enabled": False},))
    assert [(each.status, each.name, each.remarks) for each in done] == [
        ("imported", "Order texts (2)", ("is called 'Order texts (2)', because the name is taken", f"to{PLUS}")),
        ("imported", "Order texts (3)", ("is called 'Order texts (3)', because the name is taken", f"to{PLUS}")),
        ("imported", "Order texts (4)", ("is called 'Order texts (4)', because the name is taken", f"to{PLUS}")),
    ]
    assert [each.entry["name"] for each in done] == ["Order texts (2)", "Order texts (3)", "Order texts (4)"]


@pytest.mark.parametrize("change", [{}, {"name": "Order texts (2)"}, {"partnerAction": None, "action": "send_sms"}])
def test_what_is_there_is_not_imported_again(change: dict[str, Any]) -> None:
    there = {key: value for key, value in {**ENTRY, **change}.items() if value is not None}
    assert [each.status for each in imported(existing=(there,))] == ["there already"]


@pytest.mark.parametrize(
    ("mapping", "remarks"),
    [
        ({"batch_size": 100, "enable_batching": True}, ("has no effect here: batch_size, enable_batching",)),
        ({"__segment_internal_sync_mode": "upsert"}, ("has no effect here: __segment_internal_sync_mode",)),
        ({"message": "Hi"}, ()),
    ],
)
def test_what_does_nothing_here_is_told(mapping: dict[str, Any], remarks: tuple[str, ...]) -> None:
    [done] = imported({**SUBSCRIPTION, "settings": {**SUBSCRIPTION["settings"], **mapping}})
    assert (done.status, done.remarks) == ("imported", (*remarks, f"to{PLUS}"))
    assert done.entry["mapping"] == {**SUBSCRIPTION["settings"], **mapping}


PHONE = {"@path": "$.traits.phone"}


@pytest.mark.parametrize(
    ("slug", "mapping", "warned"),
    [
        ("sendSms", {"to": PHONE}, ["to"]),
        ("sendTransactionalSms", {"to": "447700900123"}, ["to"]),
        ("sendSms", {"to": {"@template": "44{{traits.phone}}"}}, ["to"]),
        ("sendSms", {"to": {"@template": "+{{traits.phone}}"}}, []),
        ("sendSms", {"to": "+447700900123"}, []),
        ("sendSms", {"to": PHONE, "numberCountry": "GB"}, []),
        ("sendSms", {"to": PHONE, "numberCountry": PHONE}, []),
        ("sendSms", {"to": PHONE, "numberCountry": ""}, ["to"]),
        ("sendSms", {"message": "Hi"}, []),
        ("sendTriggeredCampaign", {"toAddresses": PHONE}, []),
        (
            "addContactToList",
            {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": PHONE},
            ["mobileNumberIdentifier"],
        ),
        ("addContactToList", {"channelIdentifier": PHONE, "mobileNumberIdentifier": PHONE}, ["mobileNumberIdentifier"]),
        ("addContactToList", {"channelIdentifier": "email", "mobileNumberIdentifier": PHONE}, []),
        ("syncAudience", {"mobileNumberIdentifier": PHONE}, ["mobileNumberIdentifier"]),
    ],
)
def test_numbers_that_may_have_no_plus_are_told_and_nothing_is_added(
    slug: str, mapping: dict[str, Any], warned: list[str]
) -> None:
    [done] = imported({**SUBSCRIPTION, "actionSlug": slug, "settings": mapping})
    assert (done.problems, done.remarks) == ((), tuple(f"{field}{PLUS}" for field in warned))
    assert done.entry["mapping"] == mapping

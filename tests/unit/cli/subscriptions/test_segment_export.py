"""Every form in which Segment tells of subscriptions gives the same entries."""

import json
from typing import Any

import pytest

from cli.subscriptions.segment_export import ExportError, read_export
from tests.unit.cli.subscriptions.exports import ENTRY, SUBSCRIPTION, answer

IN_TEXT = {**SUBSCRIPTION, "settings": json.dumps(SUBSCRIPTION["settings"])}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (answer(), "data.subscriptions[0]"),
        ({"data": answer()}, "data.data.subscriptions[0]"),
        (answer()["data"], "subscriptions[0]"),
        ([SUBSCRIPTION], "subscriptions[0]"),
        ([answer()], "subscriptions[0].data.subscriptions[0]"),
        ({"data": {"subscription": SUBSCRIPTION}}, "data.subscription"),
        (SUBSCRIPTION, "the subscription"),
        (answer(IN_TEXT), "data.subscriptions[0]"),
        ({"subscriptions": [ENTRY]}, "subscriptions[0]"),
        ({"settings": {"apiKey": "x", "subscriptions": json.dumps([ENTRY])}}, "settings.subscriptions[0]"),
    ],
)
def test_every_form(content: Any, place: str) -> None:
    export = read_export(json.dumps(content))
    assert [(each.place, each.entry, each.problems) for each in export.subscriptions] == [(place, ENTRY, ())]
    assert export.missing == 0


def test_pages_one_after_the_other() -> None:
    export = read_export("\n".join(json.dumps(answer(total=3)) for _ in range(2)))
    assert [each.place for each in export.subscriptions] == ["data.subscriptions[0]", "page 2: data.subscriptions[0]"]
    assert export.missing == 1


@pytest.mark.parametrize(
    ("paginations", "missing"),
    [([{"next": "Mg=="}], 1), ([{"next": "Mg=="}, {"current": "Mg=="}], 0), ([{"next": "Mg==", "totalEntries": 1}], 0)],
)
def test_a_page_that_names_a_next_one(paginations: list[dict[str, Any]], missing: int) -> None:
    pages = [{"data": {"subscriptions": [SUBSCRIPTION], "pagination": each}} for each in paginations]
    assert read_export("".join(map(json.dumps, pages))).missing == missing


@pytest.mark.parametrize(
    ("change", "entry"),
    [
        ({"enabled": False}, {"enabled": False}),
        ({"name": ""}, {"name": "sendSms"}),
        ({"actionSlug": "sendFax"}, {"partnerAction": "sendFax"}),
        ({"settings": "{"}, {"mapping": "{"}),
    ],
)
def test_what_stands_there_is_taken_as_it_is(change: dict[str, Any], entry: dict[str, Any]) -> None:
    [exported] = read_export(json.dumps(answer({**SUBSCRIPTION, **change}))).subscriptions
    assert exported.entry == {**ENTRY, **entry}


def test_a_model_of_reverse_etl_is_a_problem() -> None:
    [exported] = read_export(json.dumps(answer({**SUBSCRIPTION, "modelId": "m"}))).subscriptions
    assert exported.problems == ("modelId: it takes the rows of a Reverse ETL model, which do not come here as events",)


def test_what_is_no_object_is_a_problem() -> None:
    assert read_export(json.dumps(answer(7))).subscriptions[0].problems == ("Input should be an object",)


def test_a_destination_without_subscriptions_has_none() -> None:
    assert read_export(json.dumps({"data": {"subscriptions": []}})).subscriptions == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ('{"data": ' * 3000 + "1" + "}" * 3000, "it is nested too deep"),
        ("", "it holds no subscriptions"),
        ('{"data": {"destinations": []}}', "it holds no subscriptions"),
        ('{"errors": [{"type": "forbidden"}]}', "Segment responded with an error: forbidden"),
        ('{"errors": []}', "it holds no subscriptions"),
        ("7", "it holds no subscriptions"),
    ],
)
def test_what_holds_none(text: str, reason: str) -> None:
    with pytest.raises(ExportError, match=reason):
        read_export(text)

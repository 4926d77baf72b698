"""The bench measures what it says, and what is promised of requests to Dotdigital holds."""

import json
from collections.abc import Iterator

import pytest

from dev.benchmarks.__main__ import WIDTH, line, requests_line
from dev.benchmarks.hot_path import measure_hot_path
from dev.benchmarks.load import BATCHES, QUEUED, measure_batches, measure_load, measure_requests
from dev.benchmarks.machine import Machine, Row, event
from dev.benchmarks.start import measure_start
from dev.benchmarks.whole_way import WAYS, measure_whole_way


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with Machine() as machine:
        yield machine


def test_a_load_posts_and_delivers_every_event(machine: Machine) -> None:
    rows = measure_load(machine, (1_000, 1_500))
    assert [row.what for row in rows] == ["1,000 events", "1,500 events"]
    assert [made for made in machine.requests() if made.startswith("PUT")] == ["PUT /contacts/v3/import"] * 2
    assert machine.take("add_contact_to_list", 1) == []


def test_batches_of_every_size_are_timed(machine: Machine) -> None:
    rows = list(measure_batches(machine, runs=1))
    assert [row.what for row in rows] == [f"{size:,} events" for size in BATCHES]
    assert [list(row.figures) for row in rows] == [["MB", "p50, s", "p99, s", "ms per event"]] * len(BATCHES)


def test_a_thousand_updates_take_two_requests_in_bulk_and_a_thousand_one_by_one(machine: Machine) -> None:
    list(measure_load(machine, (1,)))  # after which the data fields are known
    assert list(measure_requests(machine, ["add_contact_to_list"])) == [
        Row("add_contact_to_list x 1,000", {"PUT import": 1, "GET import": 1}),
        Row("add_contact_to_list x 10", {"PATCH contact": 1_000}),
    ]


def test_a_thousand_enrolments_take_forty_requests(machine: Machine) -> None:
    [row] = measure_requests(machine, ["enrol_contact"])
    assert row.figures["POST enrolment"] == 40


def test_a_start_is_measured_until_its_first_event_is_answered(machine: Machine) -> None:
    rows = list(measure_start(machine, runs=1))
    assert len(rows) == 4
    assert all(row.figures["ms"] > 0 for row in rows)


def test_every_stage_of_the_hot_path_is_measured() -> None:
    rows = list(measure_hot_path(runs=1))
    stages = ["event", "trigger", "mapping", "payload", "request", "all"]
    assert [list(row.figures) for row in rows] == [stages] * 3
    assert all(row.figures["all"] > 0 for row in rows)


def test_the_whole_way_is_one_request_an_event_or_two_in_bulk(machine: Machine) -> None:
    rows = measure_whole_way(machine, runs=1, ways=[WAYS[0], WAYS[2]])
    assert [(row.what, row.figures["requests"]) for row in rows] == [
        ("add_contact_to_list x 4,000", 0.0005),
        ("add_contact_to_list x 1", 1.0),
    ]


def test_figures_stand_under_their_names_in_80_columns() -> None:
    figures = {"events/s": 12_345, "ms": 0.125, "of the bare cost": 1.5}
    head, row = line("", {name: name for name in figures}), line("send_sms", figures)
    assert {len(head), len(row)} == {WIDTH}
    assert (head.split(), row.split()) == (
        ["events/s", "ms", "of", "the", "bare", "cost"],
        ["send_sms", "12,345", "0.125", "1.5"],
    )
    assert requests_line(Row("enrol_contact x 250", {"PUT import": 4, "GET import": 1_000})) == (
        "enrol_contact x 250             1,000 GET import, 4 PUT import"
    )


def test_an_event_is_of_the_person_with_its_number_and_has_the_bytes_that_are_said() -> None:
    assert event(7)["messageId"] == "bench-7"
    assert event(7)["properties"]["email"] == "person-7@example.com"
    sizes = [len(json.dumps(event(7, action), separators=(",", ":"))) for action in QUEUED]
    assert (min(sizes) >= 1_000, max(sizes) <= 1_400) == (True, True)

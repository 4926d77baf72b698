"""The bench measures what it says, and what is promised of calls to Dotdigital holds."""

import os
import subprocess
import sys

from local.bench.batches import SIZES, measure_batches
from local.bench.calls import ROWS, Calls, Row, measure_calls
from local.bench.emulator import emulator
from local.bench.events import event
from local.bench.hot_path import measure_hot_path
from local.bench.load import Load
from local.bench.machine import Machine
from local.bench.resources import PROJECT
from local.bench.startup import measure_startup
from local.bench.whole_way import WAYS, measure_whole_way

EMULATED = ("in Lambda's emulator, init: the bare cost", "in Lambda's emulator, init: send_sms")


def rows(action: str) -> list[Row]:
    return [row for row in ROWS if row.action == action]


def test_a_load_posts_and_delivers_every_event(machine: Machine) -> None:
    load = Load(machine)
    machine.calls()
    marks = list(load.run(1_500, (1_000, 1_500)))
    assert [mark.events for mark in marks] == [1_000, 1_500]
    assert [call for call in machine.calls() if call.startswith("PUT")] == ["PUT /contacts/v3/import"] * 2
    assert machine.take("add_contact_to_list", 1) == []


def test_batches_of_every_size_are_timed(machine: Machine) -> None:
    measured = list(measure_batches(machine, runs=1))
    assert [batch.events for batch in measured] == list(SIZES)
    assert all(0 < batch.p50 <= batch.p99 for batch in measured)
    assert measured[-1].body_bytes < 4_194_304


def test_a_thousand_updates_take_two_calls_in_bulk_and_a_thousand_one_by_one(machine: Machine) -> None:
    Load(machine)  # after which the data fields are known
    bulk, one_by_one = rows("add_contact_to_list")
    assert list(measure_calls(machine, [bulk, one_by_one])) == [
        Calls(bulk, {"PUT import": 1, "GET import": 1}),
        Calls(one_by_one, {"PATCH contact": 1_000}),
    ]


def test_a_thousand_enrolments_take_forty_calls(machine: Machine) -> None:
    [calls] = measure_calls(machine, rows("enrol_contact"))
    assert calls.by_kind["POST enrolment"] == 40


def test_a_start_is_measured_until_its_first_event_is_answered(machine: Machine) -> None:
    bare, ready, secret, event, *emulated = measure_startup(machine, runs=1)
    assert (bare.ratio, bare.milliseconds) == (1.0, bare.bare)
    assert 0 < ready.milliseconds < secret.milliseconds < event.milliseconds
    assert [start.until for start in emulated] == ([*EMULATED] if emulator() else [])
    assert all(start.milliseconds > 0 for start in emulated)


def test_every_stage_of_the_hot_path_is_measured() -> None:
    measured = list(measure_hot_path(runs=1))
    stages = ["event", "trigger", "mapping", "payload", "request"]
    assert [list(each.stages) for each in measured] == [stages] * 3
    assert all(each.microseconds > 0 for each in measured)


def test_the_whole_way_is_one_call_an_event_or_two_in_bulk() -> None:
    measured = list(measure_whole_way(runs=1))
    assert [(each.way, each.calls, each.waited_seconds, each.connections <= 3) for each in measured] == [
        (WAYS[0], 2, 0.5, True),
        (WAYS[1], 1_000, 0.0, True),
        (WAYS[2], 2, 0.5, True),
        (WAYS[3], 1_000, 0.0, True),
        (WAYS[4], 1_000, 0.0, True),
        (WAYS[5], 300, 0.0, True),
    ]
    assert all(each.log_bytes > 40 * each.way.events for each in measured)


def test_an_event_is_known_by_its_number_and_is_about_a_thousand_bytes() -> None:
    assert event(7)["messageId"] == "bench-7"


def test_a_profile_shows_where_the_time_of_a_way_goes() -> None:
    command = [sys.executable, "-m", "local.bench.profiling", "bulk"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "layers/shared")}
    told = subprocess.run(command, env=environment, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    assert "ActionQueue.answer  lambda_runtime/action_queue.py" in told
    assert '"message"' not in told

"""The smallest and the fullest payload of each action, and the exact requests that they become."""

import json
from pathlib import Path

import pytest

from cli.actions import load_action
from delivery.action import action_names
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import deliver, delivered

GOLDEN = Path(__file__).parents[2] / "fixtures/golden"
SIZES = ("minimal", "full")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", action_names())
def test_a_payload_becomes_these_requests(server: DotdigitalServer, name: str, size: str) -> None:
    golden = json.loads((GOLDEN / name / f"{size}.json").read_text(encoding="utf-8"))
    for answer in golden["answers"]:
        server.answers(**answer)
    assert deliver(server, name, golden["mapped"]) == delivered(name, **golden["dotdigital"])
    assert server.sent == [Sent(**request) for request in golden["requests"]]


@pytest.mark.parametrize("name", action_names())
def test_the_fullest_payload_has_every_field(name: str) -> None:
    mapped = json.loads((GOLDEN / name / "full.json").read_text(encoding="utf-8"))["mapped"]
    assert mapped.keys() == {field.alias or key for key, field in load_action(name).payload.model_fields.items()}


def test_there_is_no_other_golden_file() -> None:
    expected = {Path(name, f"{size}.json") for name in action_names() for size in SIZES}
    assert {path.relative_to(GOLDEN) for path in GOLDEN.rglob("*.json")} == expected

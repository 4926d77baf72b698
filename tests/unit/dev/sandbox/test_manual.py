"""dev/sandbox/README.md names what there is."""

import re
from pathlib import Path

from dev.sandbox.account import load_account
from dev.sandbox.app import ROUTES
from dev.sandbox.failures import Failure
from dev.sandbox.limits import LimitRules
from dev.sandbox.state import ImportRules

MANUAL = (Path(__file__).parents[4] / "dev/sandbox/README.md").read_text()


def test_every_route_with_its_tier() -> None:
    rows = [
        (route, cells[1].strip(), cells[3].strip())
        for line in MANUAL.splitlines()
        if len(cells := line.split("|")) == 5
        for route in re.findall(r"`([A-Z]+ /(?!_sandbox)\S+)`", cells[2])
    ]
    routes = [(f"{one.method} {one.path}", one.tier, "exempt" if one.flat_exempt else "") for one in ROUTES]
    assert sorted(rows) == sorted(routes)


def test_every_switch() -> None:
    for name in {*LimitRules.model_fields, *Failure.model_fields, *ImportRules.model_fields} - {"match"}:
        assert f"`{name}`" in MANUAL


def test_everything_in_the_seed_account() -> None:
    account = load_account()
    numbers = [
        *(one.id for one in account.lists),
        *(one.id for one in account.programs),
        *(one.id for one in account.campaigns),
        *(one.contact_id for one in account.contacts),
    ]
    for number in numbers:
        assert f"| {number} |" in MANUAL
    for field in account.data_fields:
        assert field.name in MANUAL

import json
import os

import pytest

from dev import PROJECT
from dev.local_cloud.replay import Journal
from tests.sam.conftest import Sam
from tests.support.functions import ACTIONS
from tests.template.project import resource_name

pytestmark = pytest.mark.sam
INVOKED = ("send_sms",) if os.environ.get("SHORT") else ACTIONS
ASKED = () if os.environ.get("SHORT") else (("catalog", "lists", "lists"), ("audiences", "read", "name"))
"""Where each container is a copy of the image it takes half a minute to start one; one of them shows the way."""
EXPECTED = json.loads((PROJECT / "events/expectations.json").read_text())


@pytest.mark.parametrize("action", INVOKED)
def test_a_function_delivers_its_event_from_a_container(
    action: str, local_sam: Sam, local_options: tuple[str, ...], journal: Journal
) -> None:
    event = f"events/{action}/direct.json"
    answer = local_sam.run("local", "invoke", f"{resource_name(action)}Function", "--event", event, *local_options)
    assert answer.returncode == 0, answer.stderr
    outcome = json.loads(answer.stdout.splitlines()[-1])["outcome"]
    assert {"outcome": outcome, "requests": journal.new_requests()} == EXPECTED[f"{action}/direct"]


@pytest.mark.parametrize(("function", "question", "key"), ASKED)
def test_a_function_answers_its_question_from_a_container(
    function: str, question: str, key: str, local_sam: Sam, local_options: tuple[str, ...]
) -> None:
    event = f"events/{function}/{question}.json"
    answer = local_sam.run("local", "invoke", f"{resource_name(function)}Function", "--event", event, *local_options)
    assert answer.returncode == 0, answer.stderr
    answered = json.loads(answer.stdout.splitlines()[-1])
    assert (answered["statusCode"], key in json.loads(answered["body"])) == (200, True)

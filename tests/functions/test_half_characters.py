"""Half an emoji in an event: U+FFFD from where the event is read, through every door, into bodies and logs."""

import json
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import Context, load_handler, outcome_of
from tests.support.queued import body, invoke
from tests.support.segment import own_event, partner_event, rest_event

pytestmark = pytest.mark.usefixtures("environment")

HALF = "Your parcel \ud83d"
MENDED = "Your parcel \ufffd"
EVENT = body("send_transactional_email", subject=HALF)["event"]
ASCII = json.dumps(EVENT).encode()
FIELDS = {
    "fromAddress": "shop@example.com",
    "toAddresses": "kim@example.com",
    "htmlContent": "<p>It is on its way.</p>",
}
TRIED = {"event": EVENT | {HALF: HALF}, "mapping": FIELDS | {"subject": {"@path": f"['{MENDED}']"}}}


def subjects(sandbox: Sandbox) -> list[Any]:
    """The subjects of the e-mails that left, out of bodies that are JSON in UTF-8."""
    bodies: list[Any] = [call.body for call in sandbox.requests if call.method == "POST"]
    return [sent["Subject"] for sent in bodies]


@pytest.mark.parametrize(
    "invocation",
    [
        rest_event(ASCII, "/actions/send-transactional-email"),
        partner_event(EVENT),
        own_event({"event": EVENT}, "send_transactional_email"),
        EVENT,
        TRIED,
        {"payload": FIELDS | {"subject": HALF}},
    ],
    ids=["api_gateway", "partner", "own", "direct", "tried", "payload"],
)
def test_a_door_of_an_action_takes_it(sandbox: Sandbox, invocation: dict[str, Any]) -> None:
    answer = load_handler("send_transactional_email")(json.loads(json.dumps(invocation)), Context())
    assert outcome_of(answer)["outcome"] == "delivered"
    assert subjects(sandbox) == [MENDED]


@pytest.mark.parametrize(
    "invocation",
    [rest_event(ASCII, "/segment"), partner_event(EVENT), EVENT],
    ids=["api_gateway", "eventbridge", "direct"],
)
def test_the_webhook_takes_it(aws: Aws, sandbox: Sandbox, invocation: dict[str, Any]) -> None:
    aws.make_queues("segment_webhook", "send_transactional_email")
    load_handler("segment_webhook")(json.loads(json.dumps(invocation)), Context())
    assert invoke(aws, "send_transactional_email") == []
    assert subjects(sandbox) == [MENDED]


def test_a_message_of_a_queue_takes_it(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("send_transactional_email")
    aws.put("send_transactional_email", body("send_transactional_email", subject=HALF))
    assert invoke(aws, "send_transactional_email") == []
    assert subjects(sandbox) == [MENDED]


def test_one_among_sixty_contacts_costs_no_call(aws: Aws, sandbox: Sandbox) -> None:
    aws.make_queues("add_contact_to_list")
    messages = [
        body("add_contact_to_list", f"m-{n}", email=f"p{n}@example.com", dataFields={"CITY": HALF if n == 7 else "x"})
        for n in range(60)
    ]
    aws.put("add_contact_to_list", *messages)
    assert invoke(aws, "add_contact_to_list") == []
    calls = [f"{call.method} {call.path}" for call in sandbox.requests if "data-fields" not in call.path]
    assert [call.split("/")[0] for call in calls] == ["PUT ", "GET "]
    imported: list[Any] = [call.body for call in sandbox.requests if call.method == "PUT"]
    assert imported[0]["contacts"][7]["dataFields"] == {"CITY": MENDED}
    assert sum(effect.effect == "contact_created" for effect in sandbox.journal) == len(messages)

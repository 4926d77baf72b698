"""Half an emoji in an event: U+FFFD from where the event is read, whatever its source, into bodies and logs."""

import json
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import invoke, outcome_of
from tests.support.queued import body, deliver, drain
from tests.support.segment import own_event, partner_event, rest_event

ACTION = "send_transactional_email"
HALF = "Your parcel \ud83d"
MENDED = "Your parcel \ufffd"
EVENT = body(ACTION, subject=HALF)["event"]
ASCII = json.dumps(EVENT).encode()
FIELDS = {"toAddresses": "kim@example.com", "fromAddress": "shop@example.com", "htmlContent": "<p>It is sent.</p>"}
TRIED = {"event": EVENT | {HALF: HALF}, "mapping": FIELDS | {"subject": {"@path": f"['{MENDED}']"}}}


def subjects(sandbox: Sandbox) -> list[Any]:
    """The subjects of the e-mails that left, out of bodies that are JSON in UTF-8."""
    bodies: list[Any] = [request.body for request in sandbox.requests if request.method == "POST"]
    return [sent["Subject"] for sent in bodies]


@pytest.mark.parametrize(
    "invocation",
    [
        rest_event(ASCII, "/actions/send-transactional-email"),
        partner_event(EVENT),
        own_event({"event": EVENT}, ACTION),
        EVENT,
        TRIED,
        {"payload": FIELDS | {"subject": HALF}},
    ],
    ids=["api_gateway", "partner", "own", "direct", "tried", "payload"],
)
def test_an_action_takes_it(sandbox: Sandbox, invocation: dict[str, Any]) -> None:
    response = invoke(ACTION, json.loads(json.dumps(invocation)))
    assert (outcome_of(response)["outcome"], subjects(sandbox)) == ("delivered", [MENDED])


@pytest.mark.parametrize(
    "invocation",
    [rest_event(ASCII, "/segment"), partner_event(EVENT), EVENT],
    ids=["api_gateway", "eventbridge", "direct"],
)
def test_the_webhook_takes_it(aws: Aws, sandbox: Sandbox, invocation: dict[str, Any]) -> None:
    aws.make_queues("segment_webhook", ACTION)
    invoke("segment_webhook", json.loads(json.dumps(invocation)))
    assert (drain(aws, ACTION), subjects(sandbox)) == ([], [MENDED])


def test_a_message_of_a_queue_takes_it(aws: Aws, sandbox: Sandbox) -> None:
    assert (deliver(aws, ACTION, body(ACTION, subject=HALF)), subjects(sandbox)) == ([], [MENDED])


def test_one_among_sixty_contacts_costs_no_request(aws: Aws, sandbox: Sandbox) -> None:
    people = [{"email": f"p{n}@example.com", "dataFields": {"CITY": HALF if n == 7 else "x"}} for n in range(60)]
    messages = [body("add_contact_to_list", f"m-{n}", **each) for n, each in enumerate(people)]
    assert deliver(aws, "add_contact_to_list", *messages) == []
    requests: list[Any] = [request for request in sandbox.requests if "data-fields" not in request.path]
    assert [request.method for request in requests] == ["PUT", "GET"]
    assert requests[0].body["contacts"][7]["dataFields"] == {"CITY": MENDED}
    assert sum(effect.effect == "contact_created" for effect in sandbox.journal) == len(messages)

"""The template's alarms on what the functions record: each trouble is made, and its alarm rings.

tests/template/test_alarms.py has those on what AWS's services record.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from dev.expand import read_template
from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws
from tests.support.cloudformation import Stack
from tests.support.cloudwatch import Recorded, states
from tests.support.functions import Context, load_handler, request
from tests.support.queued import body, deliver
from tests.support.segment import rest_event, signature, written

ALARMS = Stack(read_template()).resources("AWS::CloudWatch::Alarm")
HOUR = 3600
MINUTE = 60


class Metrics:
    """What CloudWatch has of the functions of a test."""

    def __init__(self, printed: Callable[[], str]) -> None:
        self._printed = printed
        self._recorded = Recorded()
        self._began = time.time()

    def record(self, *later: float) -> None:
        """Record what was logged since the last time, as if it was logged so many seconds later, once for each."""
        lines = [line for line in self._printed().splitlines() if line.startswith("{")]
        for seconds in later or (0,):
            self._recorded.add_log("\n".join(lines), seconds)

    def ringing(self) -> set[str]:
        """The alarms that ring within half a day. Each that did is well again at the end of it."""
        told = {
            name: states(alarm, self._recorded, self._began, self._began + 12 * HOUR) for name, alarm in ALARMS.items()
        }
        names = {name for name, seen in told.items() if "ALARM" in seen.values()}
        assert {list(told[name].values())[-1] for name in names} <= {"OK"}
        return names


@pytest.fixture
def metrics(capsys: pytest.CaptureFixture[str]) -> Metrics:
    return Metrics(lambda: capsys.readouterr().out)


def _invoke_aged(aws: Aws, action: str, hours: float, *bodies: Any, queue: str | None = None) -> None:
    """Give a function messages as they are received for the ninth time, so many hours after they were sent."""
    aws.put(queue or action, *bodies)
    sent = str(int((time.time() - hours * HOUR) * 1000))
    attributes = {"SentTimestamp": sent, "ApproximateReceiveCount": "9"}
    records = [record | {"attributes": attributes} for record in aws.receive_all(queue or action)]
    load_handler(action)({"Records": records}, Context())


def _post(content: Any, secret: str = "local-shared-secret") -> int:
    headers = {"X-Signature": signature(written(content), secret)}
    return request("segment_webhook", rest_event(content, "/segment", headers=headers))[0]


def test_what_is_delivered_rings_nothing(aws: Aws, sandbox: Sandbox, metrics: Metrics) -> None:
    assert deliver(aws, "send_sms", *(body(message_id=str(number)) for number in range(5))) == []
    metrics.record()
    assert metrics.ringing() == set()


@pytest.mark.asks_wrongly("it is to be refused")
def test_credentials_that_dotdigital_refuses_ring_at_once(aws: Aws, sandbox: Sandbox, metrics: Metrics) -> None:
    aws.put_secret(SECRET | {"password": "another"})
    assert len(deliver(aws, "send_sms", body())) == 1
    metrics.record()
    assert metrics.ringing() == {"CredentialsRefusedAlarm"}


def test_an_account_that_lacks_something_rings_at_once(aws: Aws, sandbox: Sandbox, metrics: Metrics) -> None:
    sandbox.fail("status", status=400, body={"message": "No. ERROR_SMS_SENDNOTPERMITTED"})
    assert len(deliver(aws, "send_sms", body())) == 1
    metrics.record()
    assert metrics.ringing() == {"AccountRefusesAlarm"}


@pytest.mark.parametrize("secret", ["not JSON", json.dumps({"region": "r1"})])
def test_a_secret_that_cannot_be_used_rings_at_once_for_a_queue_and_for_a_request(
    aws: Aws, metrics: Metrics, secret: str
) -> None:
    aws.put_secret(secret)
    assert len(deliver(aws, "send_sms", body())) == 1
    metrics.record()
    assert metrics.ringing() == {"SecretUnusableAlarm"}
    assert _post(body()["event"]) == 503


def test_a_signature_that_is_refused_rings_at_once_since_segment_drops_what_gets_a_401(
    aws: Aws, metrics: Metrics
) -> None:
    assert _post(body()["event"], "another secret") == 401
    metrics.record()
    assert metrics.ringing() == {"SignatureRefusedAlarm"}


@pytest.mark.parametrize("function", ["segment_webhook", "send_sms"])
def test_a_subscription_that_cannot_be_used_rings_at_once(
    metrics: Metrics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    subscriptions = tmp_path / "subscriptions.json"
    subscriptions.write_text('[{"name": "Wrong", "action": "send_sms", "subscribe": "event ="}]')
    monkeypatch.setenv("SUBSCRIPTIONS_PATH", str(subscriptions))
    load_handler(function)
    metrics.record()
    assert metrics.ringing() == {"SubscriptionUnusableAlarm"}


@pytest.mark.parametrize(("hours", "rings"), [(1.9, set()), (2.1, {"SendSmsRetryAgeAlarm"})])
def test_the_age_of_what_goes_back_into_a_queue_is_told_whoever_received_it_how_often(
    aws: Aws, sandbox: Sandbox, metrics: Metrics, hours: float, rings: set[str]
) -> None:
    aws.make_queues("send_sms")
    sandbox.fail("status", status=429, headers={"X-RateLimit-Reset": "7"})
    _invoke_aged(aws, "send_sms", hours, body())
    metrics.record()
    assert metrics.ringing() == rings


def test_a_dead_letter_that_its_queue_did_not_take_is_old_too(aws: Aws, metrics: Metrics) -> None:
    aws.make_queues("send_sms")
    aws.drop_queue("send_sms-dead-letters")
    _invoke_aged(aws, "send_sms", 3, "not JSON")
    metrics.record()
    assert metrics.ringing() == {"SendSmsRetryAgeAlarm"}


@pytest.mark.parametrize(("queue", "alarm"), [("segment_webhook", "SegmentWebhook"), ("eventbridge", "EventBridge")])
def test_the_age_of_what_segment_webhook_cannot_pass_on_is_told(
    aws: Aws, metrics: Metrics, queue: str, alarm: str
) -> None:
    aws.make_queues(queue)
    envelope = {"source": "aws.partner/segment.com/1", "detail-type": "track", "id": "1", "detail": body()["event"]}
    _invoke_aged(aws, "segment_webhook", 3, envelope if queue == "eventbridge" else body()["event"], queue=queue)
    metrics.record()
    assert metrics.ringing() == {f"{alarm}RetryAgeAlarm"}


def _limited(aws: Aws, sandbox: Sandbox, action: str) -> None:
    sandbox.fail("status", status=429, headers={"X-RateLimit-Reset": "7"})
    assert len(deliver(aws, action, body(action))) == 1


@pytest.mark.parametrize(
    ("later", "rings"),
    [
        ([0], set()),
        ([number * 5 * MINUTE for number in range(5)], set()),
        ([number * 15 * MINUTE for number in range(6)], {"RateLimitedAlarm", "RetryingAlarm"}),
    ],
)
def test_what_is_tried_every_quarter_of_an_hour_rings_after_some_times(
    aws: Aws, sandbox: Sandbox, metrics: Metrics, later: list[float], rings: set[str]
) -> None:
    _limited(aws, sandbox, "send_sms")
    metrics.record(*later)
    assert metrics.ringing() == rings


def test_a_cause_that_is_not_known_rings_when_it_goes_on(aws: Aws, sandbox: Sandbox, metrics: Metrics) -> None:
    sandbox.fail("status", status=503)
    assert len(deliver(aws, "remove_contact_from_list", body("remove_contact_from_list"))) == 1
    metrics.record(*(number * 15 * MINUTE for number in range(6)))
    assert metrics.ringing() == {"RetryingAlarm"}


@pytest.mark.parametrize(
    ("used_up", "rings"),
    [([20], set()), ([20, 80], {"EnrolmentAllowanceAlarm"}), ([0, 60, 120, 180], {"EnrolmentAllowanceAlarm"})],
)
def test_an_allowance_of_enrolments_that_is_used_up_in_one_hour_after_the_other_rings(
    aws: Aws, sandbox: Sandbox, metrics: Metrics, used_up: Sequence[int], rings: set[str]
) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"})
    assert len(deliver(aws, "enrol_contact", body("enrol_contact"))) == 1
    to_the_hour = HOUR - time.time() % HOUR
    metrics.record(*(to_the_hour + minutes * MINUTE for minutes in used_up))
    assert metrics.ringing() == rings


@pytest.mark.parametrize(
    ("rejected", "delivered", "rings"),
    [(20, 0, True), (3, 17, True), (2, 18, False), (19, 0, False), (0, 20, False)],
)
def test_many_that_are_rejected_ring_though_nothing_is_delivered(
    aws: Aws, sandbox: Sandbox, metrics: Metrics, *, rejected: int, delivered: int, rings: bool
) -> None:
    good = [body(message_id=f"good-{number}") for number in range(delivered)]
    assert deliver(aws, "send_sms", *["not JSON"] * rejected, *good) == []
    metrics.record()
    assert metrics.ringing() == ({"RejectedAlarm"} if rings else set())

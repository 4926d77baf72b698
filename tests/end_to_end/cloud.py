"""What the end-to-end tests do to the deployed stack and see of it."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import boto3
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from dev.local_cloud.deployment import PARTNER_PREFIX
from dev.local_cloud.replay import Journal
from dev.local_cloud.run import Running
from dev.local_cloud.sources import logged_outcomes
from dev.sandbox.journal import RequestRecord
from tests.support.sandbox import off_contract
from tests.support.segment import signature, written

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

WAIT_SECONDS = 120
EMPTY_SECONDS = 10


class Cloud:
    """A deployed stack, the way in that Segment has, EventBridge, the queues and Dotdigital's sandbox."""

    def __init__(self, running: Running) -> None:
        self._stack = running.stack
        self._sandbox = running.sandbox.url
        self._control = f"{self._sandbox}/_sandbox"

    def post(self, events: Sequence[Mapping[str, Any]], signed_as: bytes | None = None) -> requests.Response:
        """Post a batch as Segment does, signed by its first event or by `signed_as`."""
        headers = {"Content-Type": "application/json", "X-Signature": signature(signed_as or written(events[0]))}
        return requests.post(f"{self._stack.api_url}/segment", written(events), headers=headers, timeout=30)

    def get(self, path: str, *, for_iam: bool) -> requests.Response:
        """Get a route, signed with this machine's AWS credentials or not."""
        asked = AWSRequest("GET", self._stack.api_url + path)
        if for_iam:
            session = boto3.Session()
            credentials = session.get_credentials()
            assert credentials is not None
            SigV4Auth(credentials, "execute-api", session.region_name).add_auth(asked)
        return requests.get(str(asked.url), headers=dict(asked.headers), timeout=30)

    def put_partner_event(self, event: Mapping[str, Any]) -> None:
        """Put an event as Segment's EventBridge destination does."""
        self._put(f"{PARTNER_PREFIX}/source-1", str(event["type"]), event)

    def put_own_event(self, action: str, detail: Mapping[str, Any]) -> str:
        """Put an event of the account's own and return the bus's id of it."""
        return self._put("com.example.shop", action, detail)

    def send(self, function: str, body: Mapping[str, Any]) -> None:
        """Put a message into a function's queue."""
        boto3.client("sqs").send_message(QueueUrl=self._stack.queue_url(function), MessageBody=json.dumps(body))

    def outcomes(self, ids: Collection[str], number: int) -> list[str]:
        """Wait for the actions to log so many outcomes of the events with these ids; give them sorted."""
        return sorted(logged_outcomes(self._stack.action_functions(), ids, number, WAIT_SECONDS))

    def reset_sandbox(self) -> None:
        requests.post(f"{self._control}/reset", timeout=5).raise_for_status()

    def fail(self, **failure: Any) -> None:
        """Arm a failure of Dotdigital."""
        requests.post(f"{self._control}/fail", json=failure, timeout=5).raise_for_status()

    def requests(self) -> list[str]:
        """Give the requests to Dotdigital since the reset, mere reads left out, sorted."""
        return sorted(Journal(self._sandbox).new_requests())

    def off_contract(self) -> list[str]:
        """Give the requests since the reset, and the responses, that Dotdigital's descriptions do not have."""
        rows = requests.get(f"{self._control}/requests", timeout=5).json()
        return off_contract(RequestRecord(**row) for row in rows)

    def effects(self) -> list[str]:
        """Give what came to pass at Dotdigital since the reset: each effect with whom it is about, sorted."""
        effects = requests.get(f"{self._control}/journal", timeout=5).json()
        return sorted(f"{one['effect']} {_about(one['details'])}" for one in effects)

    def dead_letter(self, function: str, message_id: str) -> tuple[Any, dict[str, str]]:
        """Wait for the one dead letter of an event: the body and the attributes; it is taken out."""
        client = boto3.client("sqs")
        url = self._stack.queue_url(f"{function}-dead-letters")
        deadline = time.monotonic() + WAIT_SECONDS
        found: list[tuple[Any, dict[str, str]]] = []
        while not found and time.monotonic() < deadline:
            got = client.receive_message(
                QueueUrl=url, MessageAttributeNames=["All"], MaxNumberOfMessages=10, WaitTimeSeconds=1
            )
            for message in got.get("Messages", []):
                client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                attributes = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
                if attributes.get("messageId") == message_id:
                    found.append((json.loads(message["Body"]), attributes))
        [letter] = found
        return letter

    def left(self) -> dict[str, int]:
        """Wait until all queues are empty; give the number of messages of each that does not become so, by its name."""
        deadline = time.monotonic() + EMPTY_SECONDS
        while (left := self._messages()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def _messages(self) -> dict[str, int]:
        client = boto3.client("sqs")
        names: list[QueueAttributeNameType] = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts: dict[str, int] = {}
        for url in client.list_queues()["QueueUrls"]:
            attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
            counts[url.rpartition("/")[2]] = sum(int(attributes[name]) for name in names)
        return {name: number for name, number in counts.items() if number}

    def _put(self, source: str, detail_type: str, detail: Mapping[str, Any]) -> str:
        entry: Any = {"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}
        return boto3.client("events").put_events(Entries=[entry])["Entries"][0]["EventId"]


def _about(details: Mapping[str, Any]) -> str:
    return str(next((details[key] for key in ("to", "contactIds", "contactId") if key in details), ""))

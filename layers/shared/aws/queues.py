"""Writes to the queues: within SQS's bounds, side by side, what SQS did not take again.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from aws.observability import logger, shown_error

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

MOST_BYTES: Final = 1_048_576
"""Bytes that a message with its attributes, and a request, may have."""

_MOST_ENTRIES: Final = 10
_SIDE_BY_SIDE: Final = 16
_ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Entry:
    """A message to send: its body and its attributes, none of them empty."""

    body: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The bytes that SQS counts: the body, and names, types and values of the attributes."""
        texts = (self.body, *(name + "String" + value for name, value in self.attributes.items()))
        return sum(len(text.encode()) for text in texts)


class Queues:
    """The queues of the stack by the names of their functions."""

    def __init__(self, prefix: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Reach none yet."""
        self._prefix = prefix
        self._sleep = sleep
        self.url = cache(self._url)

    def load(self) -> None:
        """Make what reaches the queues, and reach none yet."""
        _ = self._client

    def send(self, entries: Mapping[str, Sequence[Entry]], is_time_left: Callable[[], bool]) -> Mapping[str, list[int]]:
        """Send entries to each queue by name; give the positions, by queue, of those that SQS did not take.

        An entry must not be over MOST_BYTES. A request that broke may have been done: a message can be there twice.
        """
        requests = [(name, positions) for name, some in entries.items() for positions in _requests(some)]
        failed: dict[str, list[int]] = {}
        if not requests:
            return failed
        client = self._client  # made before threads share it

        def send_one(request: tuple[str, list[int]]) -> list[int]:
            name, positions = request
            return self._send(client, name, positions, entries[name], is_time_left)

        with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(requests))) as pool:
            missed = pool.map(send_one, requests)
            for (name, _), positions in zip(requests, missed, strict=True):
                if positions:
                    failed.setdefault(name, []).extend(positions)
        return failed

    def postpone(self, name: str, waits: Mapping[str, int]) -> None:
        """Let messages, by receipt handle, be seen again after so many seconds, each counted from now.

        What cannot be postponed comes back after the queue's own time. `waits` are 0 to 43,200.
        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
        """
        entries: list[Any] = [
            {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": wait}
            for number, (receipt, wait) in enumerate(waits.items())
        ]
        if not entries:
            return
        client = self._client  # made before threads share it
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            requests = batched(entries, _MOST_ENTRIES, strict=False)
            list(pool.map(lambda some: self._postpone(client, name, list(some)), requests))

    def _send(
        self,
        client: "SQSClient",
        name: str,
        positions: Sequence[int],
        entries: Sequence[Entry],
        is_time_left: Callable[[], bool],
    ) -> list[int]:
        left = list(positions)
        for attempt in range(_ATTEMPTS):
            if not left or not is_time_left():
                break
            if attempt:
                self._sleep(0.1 * 2**attempt)
            try:
                taken = client.send_message_batch(
                    QueueUrl=self.url(name), Entries=[_written(position, entries[position]) for position in left]
                )
            except (BotoCoreError, ClientError) as error:
                logger.warning("messages could not be sent", queue=name, error=shown_error(error))
            else:
                left = [int(failed["Id"]) for failed in taken.get("Failed", ())]
                for code in {failed["Code"] for failed in taken.get("Failed", ())}:
                    logger.warning("messages could not be sent", queue=name, error=f"SendMessageBatch: {code}")
        return left

    def _postpone(self, client: "SQSClient", name: str, entries: list[Any]) -> None:
        try:
            client.change_message_visibility_batch(QueueUrl=self.url(name), Entries=entries)
        except (BotoCoreError, ClientError) as error:
            logger.warning("messages could not be postponed", queue=name, error=shown_error(error))

    def _url(self, name: str) -> str:
        return self._client.get_queue_url(QueueName=self._prefix + name)["QueueUrl"]

    @cached_property
    def _client(self) -> "SQSClient":
        # Loaded where it is needed: the direct routes have no use for it.
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        config = Config(
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=_SIDE_BY_SIDE,
        )
        return boto3.client("sqs", config=config)


def _requests(entries: Sequence[Entry]) -> Iterator[list[int]]:
    positions: list[int] = []
    size = 0
    for position, entry in enumerate(entries):
        if positions and (len(positions) == _MOST_ENTRIES or size + entry.size > MOST_BYTES):
            yield positions
            positions, size = [], 0
        positions.append(position)
        size += entry.size
    if positions:
        yield positions


def _written(position: int, entry: Entry) -> Any:
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in entry.attributes.items()}
    return {"Id": str(position), "MessageBody": entry.body, "MessageAttributes": attributes}

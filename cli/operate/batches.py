"""SQS's batch calls, each entry of which succeeds or fails by itself.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from cli.operate.place import Place

MOST_ENTRIES: Final = 10
MOST_BYTES: Final = 1024 * 1024
"""What a message, and a call, may hold."""

_NOT_IN_SQS: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""

_WAITS: Final = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""Seconds before each try of what SQS did not take."""


class Failure(NamedTuple):
    """SQS's code, and whether the entry itself is at fault, so that no other try can help."""

    code: str
    for_good: bool


_TOO_LONG: Final = Failure("MessageTooLong", for_good=True)

Failures = Mapping[int, Failure]
"""What failed, by its position."""


def send(place: Place, url: str, bodies: Sequence[str]) -> Failures:
    """Send bodies, in as many calls as their size needs, and again what SQS did not take.

    One that is over MOST_BYTES is not sent: SQS would refuse the call, and whatever else is in it.
    """
    sizes = [len(body.encode()) for body in bodies]
    failures = {position: _TOO_LONG for position, size in enumerate(sizes) if size > MOST_BYTES}
    for positions in _fitting(sizes):
        entries = [{"Id": str(position), "MessageBody": bodies[position]} for position in positions]
        failures |= _settled(
            lambda left: place.sqs.send_message_batch(QueueUrl=url, Entries=left), entries, place.waits.sleep
        )
    return failures


def delete(place: Place, url: str, handles: Sequence[str]) -> Failures:
    """Delete up to 10 messages."""
    entries = [{"Id": str(position), "ReceiptHandle": handle} for position, handle in enumerate(handles)]
    return _settled(lambda left: place.sqs.delete_message_batch(QueueUrl=url, Entries=left), entries, place.waits.sleep)


def give_back(place: Place, url: str, handles: Sequence[str]) -> Failures:
    """Make up to 10 messages that were received visible again at once."""
    entries = [
        {"Id": str(position), "ReceiptHandle": handle, "VisibilityTimeout": 0}
        for position, handle in enumerate(handles)
    ]
    return _settled(
        lambda left: place.sqs.change_message_visibility_batch(QueueUrl=url, Entries=left), entries, place.waits.sleep
    )


def escaped(text: str) -> str:
    """Write JSON so that SQS takes it: the characters that it refuses are escaped."""
    return _NOT_IN_SQS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _fitting(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Positions of bodies that fit one call together, without those that fit none."""
    positions: list[int] = []
    total = 0
    for position, size in enumerate(sizes):
        if size > MOST_BYTES:
            continue
        if positions and (len(positions) == MOST_ENTRIES or total + size > MOST_BYTES):
            yield positions
            positions, total = [], 0
        positions.append(position)
        total += size
    if positions:
        yield positions


def _settled(
    call: Callable[[Any], Any], entries: Iterable[Mapping[str, Any]], sleep: Callable[[float], None]
) -> Failures:
    left = {entry["Id"]: entry for entry in entries}
    failures: dict[int, Failure] = {}
    for wait in _WAITS:
        if not left:
            break
        if wait:
            sleep(wait)
        problems = call(list(left.values())).get("Failed", [])
        failures |= {int(problem["Id"]): Failure(problem["Code"], problem["SenderFault"]) for problem in problems}
        left = {problem["Id"]: left[problem["Id"]] for problem in problems if not problem["SenderFault"]}
        failures = {number: one for number, one in failures.items() if one.for_good or str(number) in left}
    return failures

"""The queues of a stack, found by their names, and SQS's batch requests, whose entries fail one by one.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

from cli.ending import CommandError
from cli.stack import Stack

WEBHOOK: Final = "segment_webhook"
MOST_ENTRIES: Final = 10
MOST_BYTES: Final = 1024 * 1024
"""What a message, and a request, may hold."""

_DEAD_LETTERS: Final = "-dead-letters"
_COUNTS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
_NOT_IN_SQS: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""

_WAITS: Final = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
"""Seconds before each try of what SQS did not take."""


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A dead-letter queue, and the queue that its messages came from."""

    action: str
    url: str
    source_url: str


def work_queues(stack: Stack) -> Mapping[str, str]:
    """Return the URL of each action's queue and of the webhook's, by action. Raises CommandError without any."""
    urls = {name: url for name, url in _queue_urls(stack).items() if not name.endswith(_DEAD_LETTERS)}
    if WEBHOOK not in urls:
        raise _no_queues(stack)
    return urls


def dead_letter_queues(stack: Stack, action: str | None = None) -> list[DeadLetterQueue]:
    """Return the stack's dead-letter queues, or one action's. Raises CommandError if there is none."""
    urls = _queue_urls(stack)
    queues = [
        DeadLetterQueue(name, urls[f"{name}{_DEAD_LETTERS}"], urls[name])
        for name in sorted(urls)
        if f"{name}{_DEAD_LETTERS}" in urls
    ]
    if not queues:
        raise _no_queues(stack)
    chosen = [queue for queue in queues if action in (None, queue.action)]
    if not chosen:
        names = ", ".join(queue.action for queue in queues)
        raise CommandError(f"There is no dead-letter queue of {action} in {stack.title}. It has: {names}.")
    return chosen


def count_messages(stack: Stack, url: str) -> int:
    """Ask SQS how many messages a queue holds, hidden and delayed ones included; SQS estimates it."""
    response = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
    return sum(int(response["Attributes"].get(name, 0)) for name in _COUNTS)


def sqs_time(stack: Stack, url: str) -> int:
    """Return a time in milliseconds since 1970 that every message so far was sent before, and every later one not.

    SQS stamps messages by its own clock, from which this machine's may differ by minutes. It tells its time in whole
    seconds (the header Date), so the time returned is the end of that second, which is waited for.
    """
    response = stack.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    date = response["ResponseMetadata"]["HTTPHeaders"]["date"]
    stack.waits.sleep(1)
    return (int(parsedate_to_datetime(date).timestamp()) + 1) * 1000


def _queue_urls(stack: Stack) -> dict[str, str]:
    """Return URLs by what follows the stack's name; a stack `a` has nothing of `a-b`."""
    ours = re.compile(rf"{re.escape(stack.name)}-([a-z0-9_]+(?:{_DEAD_LETTERS})?)")
    pages = stack.sqs.get_paginator("list_queues").paginate(
        QueueNamePrefix=f"{stack.name}-", PaginationConfig={"PageSize": 1000}
    )
    urls = [url for page in pages for url in page.get("QueueUrls", [])]
    matches = [(ours.fullmatch(url.rsplit("/", 1)[1]), url) for url in urls]
    return {match[1]: url for match, url in matches if match}


def _no_queues(stack: Stack) -> CommandError:
    return CommandError(
        f"There are no queues of {stack.title}. Give the stack's name with --stack or STACK, and check that "
        "AWS_PROFILE and AWS_DEFAULT_REGION are those that it was deployed with."
    )


class Failure(NamedTuple):
    """SQS's code, and whether the entry itself is at fault, so that no other try can help."""

    code: str
    for_good: bool


_TOO_LONG: Final = Failure("MessageTooLong", for_good=True)

Failures = Mapping[int, Failure]
"""What failed, by its position."""


def send_messages(stack: Stack, url: str, bodies: Sequence[str]) -> Failures:
    """Send bodies, in as many requests as their size needs, and again what SQS did not take.

    One that is over MOST_BYTES is not sent: SQS would refuse the request, and whatever else is in it.
    """
    sizes = [len(body.encode()) for body in bodies]
    failures = {position: _TOO_LONG for position, size in enumerate(sizes) if size > MOST_BYTES}
    for positions in _fitting(sizes):
        entries = [{"Id": str(position), "MessageBody": bodies[position]} for position in positions]
        failures |= _request(stack, lambda left: stack.sqs.send_message_batch(QueueUrl=url, Entries=left), entries)
    return failures


def delete_messages(stack: Stack, url: str, handles: Sequence[str]) -> Failures:
    """Delete up to 10 messages."""
    entries = [{"Id": str(position), "ReceiptHandle": handle} for position, handle in enumerate(handles)]
    return _request(stack, lambda left: stack.sqs.delete_message_batch(QueueUrl=url, Entries=left), entries)


def release_messages(stack: Stack, url: str, handles: Sequence[str]) -> Failures:
    """Make up to 10 messages that were received visible again at once."""
    entries = [
        {"Id": str(position), "ReceiptHandle": handle, "VisibilityTimeout": 0}
        for position, handle in enumerate(handles)
    ]
    return _request(stack, lambda left: stack.sqs.change_message_visibility_batch(QueueUrl=url, Entries=left), entries)


def escape_for_sqs(text: str) -> str:
    """Write JSON so that SQS takes it: the characters that it refuses are escaped."""
    return _NOT_IN_SQS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _fitting(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Give positions of bodies that fit one request, without those that fit none."""
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


def _request(stack: Stack, request: Callable[[Any], Any], entries: Sequence[Mapping[str, Any]]) -> Failures:
    left = {entry["Id"]: entry for entry in entries}
    refused: dict[int, Failure] = {}
    failures: dict[int, Failure] = {}
    for wait in _WAITS:
        if not left:
            break
        if wait:
            stack.waits.sleep(wait)
        problems = request(list(left.values())).get("Failed", [])
        failures = {int(problem["Id"]): Failure(problem["Code"], problem["SenderFault"]) for problem in problems}
        refused |= {position: failure for position, failure in failures.items() if failure.for_good}
        left = {problem["Id"]: left[problem["Id"]] for problem in problems if not problem["SenderFault"]}
    return refused | failures

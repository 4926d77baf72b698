"""The queues of a stack, found by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cli.operate.errors import OperateError
from cli.operate.place import Place

WEBHOOK: Final = "segment_webhook"
_DEAD_LETTERS: Final = "-dead-letters"
_COUNTS: Final = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many messages a queue holds, as SQS estimates it: to be had now, and hidden (being read, or delayed)."""

    visible: int
    hidden: int

    @property
    def messages(self) -> int:
        """All of them."""
        return self.visible + self.hidden


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """A dead-letter queue, and the queue that its messages came from."""

    action: str
    url: str
    source_url: str


def work_queues(place: Place) -> Mapping[str, str]:
    """Return the URL of each action's queue and of the webhook's, by action. Raises OperateError without any."""
    urls = {action: url for action, (url, dead) in _found(place).items() if not dead}
    if WEBHOOK not in urls:
        raise _nothing(place)
    return urls


def dead_letter_queues(place: Place, action: str | None = None) -> list[DeadLetterQueue]:
    """Return the stack's dead-letter queues, or one action's. Raises OperateError if there is none."""
    found = _found(place)
    queues = [
        DeadLetterQueue(name.removesuffix(_DEAD_LETTERS), url, found[name.removesuffix(_DEAD_LETTERS)][0])
        for name, (url, dead) in sorted(found.items())
        if dead and name.removesuffix(_DEAD_LETTERS) in found
    ]
    if not queues:
        raise _nothing(place)
    chosen = [queue for queue in queues if action in (None, queue.action)]
    if not chosen:
        names = ", ".join(queue.action for queue in queues)
        raise OperateError(f"There is no dead-letter queue of {action} in {place.name}. It has: {names}.")
    return chosen


def waiting_in(place: Place, url: str) -> Waiting:
    """Ask SQS how many messages a queue holds."""
    answer = place.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))["Attributes"]
    visible, *hidden = (int(answer.get(name, 0)) for name in _COUNTS)
    return Waiting(visible, sum(hidden))


def _found(place: Place) -> dict[str, tuple[str, bool]]:
    """URL and whether it holds dead letters, by what follows the stack's name; a stack `a` has nothing of `a-b`."""
    ours = re.compile(rf"{re.escape(place.stack)}-([a-z0-9_]+(?:{_DEAD_LETTERS})?)")
    pages = place.sqs.get_paginator("list_queues").paginate(
        QueueNamePrefix=f"{place.stack}-", PaginationConfig={"PageSize": 1000}
    )
    urls = [url for page in pages for url in page.get("QueueUrls", [])]
    matches = [(ours.fullmatch(url.rsplit("/", 1)[1]), url) for url in urls]
    return {match[1]: (url, match[1].endswith(_DEAD_LETTERS)) for match, url in matches if match}


def _nothing(place: Place) -> OperateError:
    return OperateError(
        f"There are no queues of {place.name}. Give the stack's name with --stack or STACK, and check that "
        "AWS_PROFILE and AWS_DEFAULT_REGION are those that it was deployed with."
    )

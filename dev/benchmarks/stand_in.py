"""AWS as fast as the bench needs it, in a process of its own: `python -m dev.benchmarks.stand_in`.

moto takes milliseconds for each message, which would be most of what is measured. This takes and gives messages at
once, responds to each SendMessageBatch after 10 ms as SQS does, gives one secret and lets every claim of a send be
made. It checks nothing: moto does that in the tests. The first line of output is the URL.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
"""

import asyncio
import json
import os
import sys
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from aiohttp import web

from dev.sandbox.server import listen, url_of

_SEND_SECONDS: Final = 0.010
_JSON: Final = "application/x-amz-json-1.0"


class Aws:
    """Queues in memory, and one secret."""

    def __init__(self, secret: str) -> None:
        """Give that text for every secret."""
        self._secret = secret
        self._queues: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
        self._numbers = count(1)

    async def respond(self, request: web.Request) -> web.Response:
        """Respond to one request to AWS's API."""
        body = json.loads(await request.read())
        content: Mapping[str, Any] = {}
        match request.headers["X-Amz-Target"].partition(".")[2]:
            case "GetQueueUrl":
                content = {"QueueUrl": f"http://{request.host}/queues/{body['QueueName']}"}
            case "SendMessageBatch":
                content = self._send(body["QueueUrl"].rpartition("/")[2], body["Entries"])
                await asyncio.sleep(_SEND_SECONDS)
            case "GetSecretValue":
                content = {"Name": body["SecretId"], "SecretString": self._secret}
        return web.Response(text=json.dumps(content), content_type=_JSON)

    async def take(self, request: web.Request) -> web.Response:
        """Give up to `most` messages of `queue` as Lambda's Records, and forget them."""
        queue = self._queues[request.query["queue"]]
        most = min(int(request.query["most"]), len(queue))
        return web.json_response([queue.popleft() for _ in range(most)])

    def _send(self, queue: str, entries: list[dict[str, Any]]) -> Mapping[str, Any]:
        messages = [self._message(entry["MessageBody"]) for entry in entries]
        self._queues[queue] += messages
        taken = [
            {"Id": entry["Id"], "MessageId": message["messageId"], "MD5OfMessageBody": ""}
            for entry, message in zip(entries, messages, strict=True)
        ]
        return {"Successful": taken, "Failed": []}

    def _message(self, body: str) -> dict[str, Any]:
        number = str(next(self._numbers))
        attributes = {"SentTimestamp": str(int(time.time() * 1000)), "ApproximateReceiveCount": "1"}
        return {
            "messageId": number,
            "receiptHandle": number,
            "body": body,
            "attributes": attributes,
            "eventSource": "aws:sqs",
        }


if __name__ == "__main__":
    aws = Aws(os.environ["BENCH_SECRET"])
    app = web.Application(client_max_size=2**24)
    app.router.add_get("/take", aws.take)
    app.router.add_post("/{rest:.*}", aws.respond)
    listener = listen("127.0.0.1", 0)
    sys.stdout.write(f"{url_of(listener)}\n")
    sys.stdout.flush()
    web.run_app(app, sock=listener, print=None, access_log=None)

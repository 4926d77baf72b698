"""AWS as fast as the bench needs it, in a process of its own: `python -m local.bench.aws_stand_in`.

moto takes milliseconds for every message, which would be most of what is measured. This takes and gives messages at
once, answers each SendMessageBatch after 10 ms as SQS does, gives one secret, and lets every claim of a send be made.
It checks nothing: what the functions make of AWS is tested with moto. The first line of its output is its URL.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
"""

import asyncio
import json
import os
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from itertools import count, islice
from typing import Any, Final

from aiohttp import web

from local.bench.serving import serve

SEND_SECONDS: Final = 0.010
_JSON: Final = "application/x-amz-json-1.0"


class AwsStandIn:
    """Queues in memory, and one secret."""

    def __init__(self, secret: str) -> None:
        """Give that text for every secret."""
        self._secret = secret
        self._queues: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
        self._numbers = count(1)

    def application(self) -> web.Application:
        """Give the server: AWS's API at /, and GET /take, which stands for the event source mapping."""
        app = web.Application(client_max_size=2**24)
        app.router.add_post("/{rest:.*}", self._answer)
        app.router.add_get("/take", self._take)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        name = request.headers["X-Amz-Target"].partition(".")[2]
        body = json.loads(await request.read())
        content: Mapping[str, Any] = {}
        match name:
            case "GetQueueUrl":
                content = {"QueueUrl": f"http://{request.host}/queues/{body['QueueName']}"}
            case "SendMessageBatch":
                content = self._send(body["QueueUrl"].rpartition("/")[2], body["Entries"])
                await asyncio.sleep(SEND_SECONDS)
            case "GetSecretValue":
                content = {"Name": body["SecretId"], "SecretString": self._secret}
        return web.Response(text=json.dumps(content), content_type=_JSON)

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
        return {"messageId": number, "receiptHandle": number, "body": body, "attributes": attributes}

    async def _take(self, request: web.Request) -> web.Response:
        """Give up to `most` messages of `queue` as Lambda's Records, and forget them."""
        queue = self._queues[request.query["queue"]]
        most = min(int(request.query["most"]), len(queue))
        records = [queue.popleft() | {"eventSource": "aws:sqs"} for _ in islice(count(), most)]
        return web.json_response(records)


if __name__ == "__main__":
    serve(AwsStandIn(os.environ["BENCH_SECRET"]).application())

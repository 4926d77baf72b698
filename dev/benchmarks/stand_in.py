"""AWS and Dotdigital as fast as the bench needs them, in a process of its own: `python -m dev.benchmarks.stand_in`.

moto takes milliseconds for each message and the sandbox checks each contact, which would be most of what is measured.
AWS's part takes and gives messages at once, answers each SendMessageBatch after 10 ms as SQS does, gives one secret and
lets every claim of a send be made. Dotdigital's part says that what came was done. Both check nothing: moto and the
sandbox do that in the tests. The first line of output is the URL.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
https://developer.dotdigital.com/reference/importcontacts-1
"""

import asyncio
import json
import os
import socket
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import typer
from aiohttp import web
from aiohttp.typedefs import Handler

SEND_SECONDS: Final = 0.010
_JSON: Final = "application/x-amz-json-1.0"
_DATA_FIELDS: Final = [{"name": "FIRSTNAME", "type": "String"}, {"name": "POINTS", "type": "Numeric"}]


class Aws:
    """Queues in memory, and one secret."""

    def __init__(self, secret: str) -> None:
        """Give that text for every secret."""
        self._secret = secret
        self._queues: dict[str, deque[dict[str, Any]]] = defaultdict(deque)
        self._numbers = count(1)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request to AWS's API."""
        body = json.loads(await request.read())
        content: Mapping[str, Any] = {}
        match request.headers["X-Amz-Target"].partition(".")[2]:
            case "GetQueueUrl":
                content = {"QueueUrl": f"http://{request.host}/queues/{body['QueueName']}"}
            case "SendMessageBatch":
                content = self._send(body["QueueUrl"].rpartition("/")[2], body["Entries"])
                await asyncio.sleep(SEND_SECONDS)
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
        told = {"messageId": number, "receiptHandle": number, "body": body, "attributes": attributes}
        return told | {"eventSource": "aws:sqs"}


class Dotdigital:
    """Contacts that are updated one by one or imported."""

    def __init__(self) -> None:
        """Hold no import."""
        self._imports: dict[str, list[dict[str, Any]]] = {}
        self._numbers = count(1)
        self._requests = 0

    async def data_fields(self, _: web.Request) -> web.Response:
        """Give the account's data fields."""
        return web.json_response(_DATA_FIELDS)

    async def contact(self, request: web.Request) -> web.Response:
        """Say that a contact was updated."""
        await request.read()
        return web.json_response({"contactId": next(self._numbers), "status": "active"})

    async def import_contacts(self, request: web.Request) -> web.Response:
        """Take an import."""
        import_id = str(next(self._numbers))
        self._imports[import_id] = json.loads(await request.read())["contacts"]
        return web.json_response({"importId": import_id, "status": "NotFinished"}, status=202)

    async def report(self, request: web.Request) -> web.Response:
        """Say that every contact of an import was created."""
        import_id = request.match_info["id"]
        created = [
            {"contactId": next(self._numbers), "identifiers": contact["identifiers"]}
            for contact in self._imports.pop(import_id)
        ]
        return web.json_response({"importId": import_id, "status": "Finished", "created": created})

    async def counted(self, _: web.Request) -> web.Response:
        """Tell how many requests there were."""
        return web.json_response(self._requests)

    @web.middleware
    async def counting(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count the requests to Dotdigital's API."""
        self._requests += request.path.startswith(("/v2", "/contacts"))
        return await handler(request)


def application(secret: str) -> web.Application:
    """Give the server: AWS's API at /, Dotdigital's at its paths, and /take and /counted for the bench."""
    aws, dotdigital = Aws(secret), Dotdigital()
    app = web.Application(client_max_size=2**24, middlewares=[dotdigital.counting])
    app.router.add_get("/take", aws.take)
    app.router.add_get("/counted", dotdigital.counted)
    app.router.add_get("/v2/data-fields/", dotdigital.data_fields)
    app.router.add_patch("/contacts/v3/email/{email}", dotdigital.contact)
    app.router.add_put("/contacts/v3/import", dotdigital.import_contacts)
    app.router.add_get("/contacts/v3/import/{id}", dotdigital.report)
    app.router.add_post("/{rest:.*}", aws.answer)
    return app


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    typer.echo(f"http://127.0.0.1:{listener.getsockname()[1]}")
    web.run_app(application(os.environ["BENCH_SECRET"]), sock=listener, print=None, access_log=None)

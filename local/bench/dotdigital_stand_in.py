"""Dotdigital answering at once, in a process of its own: `python -m local.bench.dotdigital_stand_in`.

The sandbox checks and keeps each contact, which takes it a good part of the time that the function takes. This says
that what came was done. It checks nothing: what the client makes of Dotdigital is tested with the sandbox. The first
line of its output is its URL.

https://developer.dotdigital.com/reference/importcontacts-1
"""

import json
from itertools import count
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from local.bench.serving import serve

_DATA_FIELDS: Final = [{"name": "FIRSTNAME", "type": "String"}, {"name": "POINTS", "type": "Numeric"}]


class DotdigitalStandIn:
    """Takes imports and reports them."""

    def __init__(self) -> None:
        """Hold no import."""
        self._imports: dict[str, list[dict[str, Any]]] = {}
        self._numbers = count(1)
        self._calls = 0
        self._connections: set[Any] = set()

    def application(self) -> web.Application:
        """Give the server: Dotdigital's API, and GET /counted, which tells how many calls and connections it had."""
        app = web.Application(client_max_size=2**24, middlewares=[self._counting])
        app.router.add_get("/v2/data-fields/", self._data_fields)
        app.router.add_patch("/contacts/v3/email/{email}", self._contact)
        app.router.add_put("/contacts/v3/import", self._import)
        app.router.add_get("/contacts/v3/import/{id}", self._report)
        app.router.add_get("/counted", self._told)
        return app

    async def _data_fields(self, _: web.Request) -> web.Response:
        return web.json_response(_DATA_FIELDS)

    async def _contact(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"contactId": next(self._numbers), "status": "active"})

    async def _import(self, request: web.Request) -> web.Response:
        import_id = str(next(self._numbers))
        self._imports[import_id] = json.loads(await request.read())["contacts"]
        return web.json_response({"importId": import_id, "status": "NotFinished"}, status=202)

    async def _report(self, request: web.Request) -> web.Response:
        import_id = request.match_info["id"]
        created = [
            {"contactId": next(self._numbers), "identifiers": contact["identifiers"]}
            for contact in self._imports.pop(import_id)
        ]
        return web.json_response({"importId": import_id, "status": "Finished", "created": created})

    async def _told(self, _: web.Request) -> web.Response:
        return web.json_response([self._calls, len(self._connections)])

    @web.middleware
    async def _counting(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path != "/counted" and request.transport:
            self._calls += 1
            self._connections.add(request.transport.get_extra_info("peername"))
        return await handler(request)


if __name__ == "__main__":
    serve(DotdigitalStandIn().application())

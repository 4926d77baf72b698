"""The function behind /audiences: the list that an audience goes to, found or made.

POST /audiences        {name, visibility} or what Segment's webhook-audiences destination sends: {externalId}
GET  /audiences/{id}   {externalId, name, visibility, contacts}
"""

import os
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from audiences.lists import audience_of, list_by_id
from aws.account import AccountClient, method_of, path_of, query_of, request_of, responded, seconds_left
from aws.api_gateway import (
    WEBHOOK_SECRET,
    EnvelopeError,
    body_of,
    headers_of,
    is_authentic,
    is_signed,
    is_webhook_secret,
    read_json,
    response,
)
from aws.observability import logger
from aws.secret import Secret, SecretReader
from aws.settings import Settings
from aws.start import handler_of, register_hooks

_ROUTE: Final = "/audiences"
_SECRET_IN_QUERY: Final = "webhookSecret"
_MOST_SECONDS: Final = 9.0
"""Segment waits for 10."""
_NOT_PROVED: Final = (
    "neither the signature nor the webhook secret is right; Segment's audience webhook does not sign these requests: "
    f"put webhookSecret into the secret, and ?{_SECRET_IN_QUERY}=<its value> at the end of the audience webhook's URLs"
)


class AudiencesFunction:
    """Stands behind audiences' `handler`. Raises SettingsError where it cannot start."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the environment; `monotonic` tells how old the secret is that was read."""
        settings = Settings.from_environment(environment)
        self._secret_reader = SecretReader(settings, monotonic)
        self._account = AccountClient(settings, self._secret_reader)
        register_hooks(environment, self._account.load, self._account.renew)

    def respond(self, event: Any, context: LambdaContext | None) -> dict[str, Any]:
        """Respond to one request."""
        return responded(lambda: self._respond(request_of(event), seconds_left(context, _MOST_SECONDS)))

    def _respond(self, event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        body = body_of(event)
        if not is_authentic(self._secret_reader, lambda secret: _proves(secret, event, body)):
            raise EnvelopeError(_NOT_PROVED, HTTPStatus.UNAUTHORIZED)
        path = path_of(event)
        folder, _, external_id = path.rpartition("/")
        match method_of(event):
            case "POST" if path.endswith(_ROUTE):
                return self._find_or_make(read_json(body), seconds)
            case "GET" if folder.endswith(_ROUTE):
                return self._read(external_id, seconds)
        raise EnvelopeError(f"this function answers POST {_ROUTE} and GET {_ROUTE}/<id> only", HTTPStatus.NOT_FOUND)

    def _find_or_make(self, content: Any, seconds: float) -> dict[str, Any]:
        audience = audience_of(self._account.within(seconds), content)
        logger.info("audience", listId=audience.list.id, isNew=audience.is_new)
        return response(HTTPStatus.OK, {"externalId": audience.external_id})

    def _read(self, external_id: str, seconds: float) -> dict[str, Any]:
        found = list_by_id(self._account.within(seconds), external_id)
        content = {"name": found.name, "visibility": found.visibility, "contacts": found.contacts}
        return response(HTTPStatus.OK, {"externalId": str(found.id), **content})


def _proves(secret: Secret, event: Mapping[str, Any], body: bytes) -> bool:
    """Tell whether a request knows the webhook secret, or where there is none whether Segment signed it.

    Segment's webhook-audiences destination signs no request that creates or gets an audience, and sends no header of
    one's own with it: the URL is what can carry a secret.
    """
    headers = headers_of(event)
    if secret.webhook_secret:
        given = (headers.get(WEBHOOK_SECRET), query_of(event).get(_SECRET_IN_QUERY))
        return any(is_webhook_secret(secret, each) for each in given)
    return is_signed(secret, body, headers)


handler = handler_of(AudiencesFunction)

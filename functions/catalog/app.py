"""The function behind /catalog: what the account has, for a person who writes subscriptions.

    GET  /catalog/lists | programs | campaigns | data-fields     ?format=choices for the form of Segment's pickers
    GET  /catalog/account                                        credentials, region and what is left of the limits
    POST /catalog/data-fields                                    {name, type, visibility}, where the stack allows it

API Gateway lets only requests in that are signed for IAM; a direct invoke brings the same event.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from aws.account import AccountClient, UnknownError, method_of, path_of, query_of, request_of, responded, seconds_left
from aws.api_gateway import EnvelopeError, body_of, read_json, response
from aws.observability import logger
from aws.secret import SecretReader
from aws.settings import Settings
from aws.start import handler_of, register_hooks
from catalog.listings import KeptListings, as_choices, as_rows, listing, no_choices
from catalog.new_data_field import create_data_field
from dotdigital import AccountCheck, check_account

_DATA_FIELDS: Final = "data-fields"
_MOST_SECONDS: Final = 27.0
"""API Gateway waits for 29."""
_OFF: Final = (
    "creating data fields is off: create it in Dotdigital itself, or set the stack's parameter "
    "CatalogMayCreateDataFields to true"
)


class CatalogFunction:
    """Stands behind catalog's `handler`. Raises SettingsError where it cannot start."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the environment; `monotonic` tells how old what is kept is."""
        self._settings = Settings.from_environment(environment)
        self._account = AccountClient(self._settings, SecretReader(self._settings, monotonic))
        self._listings = KeptListings(monotonic)
        register_hooks(environment, self._account.load, self._account.renew)

    def respond(self, event: Any, context: LambdaContext | None) -> dict[str, Any]:
        """Respond to one request."""
        return responded(lambda: self._respond(request_of(event), seconds_left(context, _MOST_SECONDS)))

    def _respond(self, event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        folder, _, name = path_of(event).rpartition("/")
        if not folder.endswith("/catalog"):
            raise EnvelopeError("this function answers /catalog/<listing> only", HTTPStatus.NOT_FOUND)
        match method_of(event), name:
            case "GET", "account":
                return _account_response(self._check(seconds))
            case "GET", _:
                return self._listing_response(name, query_of(event).get("format"), seconds)
            case "POST", "data-fields":
                return self._create(event, seconds)
        raise EnvelopeError(f"the catalog is read with GET; POST goes to {_DATA_FIELDS}", HTTPStatus.METHOD_NOT_ALLOWED)

    def _check(self, seconds: float) -> AccountCheck:
        secret = self._account.secret_now()
        return check_account(
            secret.region, lambda region: self._account.in_region(secret, region, seconds).account_info()
        )

    def _listing_response(self, name: str, form: str | None, seconds: float) -> dict[str, Any]:
        if form not in (None, "choices"):
            raise EnvelopeError("format must be choices, or left out")
        try:
            asked = listing(name)
        except UnknownError:
            if form:
                return response(HTTPStatus.NOT_FOUND, no_choices(name))
            raise
        items = self._listings.items(asked, self._account.within(seconds))
        return response(HTTPStatus.OK, as_choices(items) if form else as_rows(asked, items))

    def _create(self, event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        if not self._settings.may_create_data_fields:
            raise EnvelopeError(_OFF, HTTPStatus.FORBIDDEN)
        content = read_json(body_of(event))
        created = create_data_field(self._account.within(seconds), content)
        self._listings.forget(listing(_DATA_FIELDS))
        logger.info("data field created or there already", type=created.type)
        return response(HTTPStatus.OK, asdict(created))


def _account_response(check: AccountCheck) -> dict[str, Any]:
    of_account = {}
    if info := check.info:
        of_account = {
            "id": info.id,
            "name": info.name,
            "callsInLastHour": info.calls_in_last_hour,
            "callsRemaining": info.calls_remaining,
            "emailCredits": info.email_credits,
            "smsCredits": info.sms_credits,
        }
    if not check.problem:
        return response(HTTPStatus.OK, {"ok": True, "region": check.region, **of_account})
    logger.warning("the account cannot be used", regionInSecret=check.region_used, region=check.region)
    regions = {"regionInSecret": check.region_used, "region": check.region}
    message = f"{check.problem}: {check.advice}"
    return response(HTTPStatus.BAD_GATEWAY, {"ok": False, "message": message, **regions, **of_account})


handler = handler_of(CatalogFunction)

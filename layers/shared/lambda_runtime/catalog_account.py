"""The account that the secret names: its client, and what was read of it some minutes ago."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from catalog.account_check import AccountCheck, check_account
from catalog.listings import Item, Listing
from dotdigital import Account, Dotdigital
from dotdigital.transport import Transport
from lambda_runtime.observability import logger
from lambda_runtime.secret import Secret, SecretError, SecretReader
from lambda_runtime.settings import Settings

KEPT_SECONDS: Final = 300.0
_MARGIN_SECONDS: Final = 1.0


class CatalogAccount:
    """Calls Dotdigital with the secret's credentials. A secret that names another account empties the memory."""

    def __init__(
        self, settings: Settings, secret_reader: SecretReader, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Read nothing yet; `monotonic` tells how old what was read is."""
        self._settings = settings
        self._secret_reader = secret_reader
        self._monotonic = monotonic
        self._current: tuple[Account, Dotdigital] | None = None
        self._kept: dict[str, tuple[float, Sequence[Item]]] = {}

    def client(self, seconds: float) -> Dotdigital:
        """Give the client, whose calls end in `seconds` from now. Raises SecretError."""
        account = self._secret_reader.account()
        if self._current is None or self._current[0] != account:
            self._current = account, Dotdigital(Transport(account, renew=self._account_again))
            self._kept.clear()
        _, dotdigital = self._current
        dotdigital.finish_within(seconds)
        return dotdigital

    def items(self, listing: Listing, seconds: float) -> Sequence[Item]:
        """Give all items of a listing, at most five minutes old. Raises SecretError, DotdigitalError."""
        dotdigital = self.client(seconds)
        read_at, items = self._kept.get(listing.key, (float("-inf"), ()))
        if self._monotonic() - read_at > KEPT_SECONDS:
            items = listing.read(dotdigital)
            self._kept[listing.key] = self._monotonic(), items
        return items

    def forget(self, listing: Listing) -> None:
        """Read a listing anew the next time that it is asked for."""
        self._kept.pop(listing.key, None)

    def load(self) -> None:
        """Make what reads the secret, and read nothing."""
        self._secret_reader.load()

    def renew(self) -> None:
        """Read the secret and all else anew when it is next asked for, over a new connection."""
        self._secret_reader.forget()
        self._current = None

    def check(self, seconds: float) -> AccountCheck:
        """Check the credentials and the region as the secret has them now. Raises SecretError, DotdigitalError."""
        secret = self._secret_reader.read_again()
        return check_account(secret.region, lambda region: self._in_region(secret, region, seconds))

    def _in_region(self, secret: Secret, region: str, seconds: float) -> Dotdigital:
        base_url = self._settings.base_url_of(region)
        account = Account(base_url, secret.username, secret.password, secret.integration_token)
        dotdigital = Dotdigital(Transport(account))
        dotdigital.finish_within(seconds)
        return dotdigital

    def _account_again(self) -> Account | None:
        try:
            return self._secret_reader.account_again()
        except SecretError as error:
            logger.error(str(error))
            return None


def seconds_left(context: LambdaContext | None, most: float) -> float:
    """Give the seconds for calls: what is left of the function's time but a second, and at most `most`."""
    return most if context is None else min(context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS, most)

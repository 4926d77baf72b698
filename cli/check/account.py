"""The account behind a stack: its secret, credentials and region, what it may do, and what is left of its limits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aws.secret import Secret, SecretError, parse_secret
from cli.check.findings import Finding, note, right, unknown, wrong
from cli.check.subscriptions import Enabled
from cli.stack_secret import StackSecret
from dotdigital import (
    SWITCHED_ON,
    Account,
    AccountInfo,
    Dotdigital,
    DotdigitalError,
    Right,
    Transport,
    base_url_of,
    check_account,
)
from dotdigital.http_messages import Request, Response

_MOST_SECONDS: Final = 30.0
_NEEDED: Final[Mapping[str, Right]] = {
    "send_transactional_sms": Right.TRANSACTIONAL_SMS,
    "send_transactional_email": Right.TRANSACTIONAL_EMAIL,
    "send_triggered_campaign": Right.TRANSACTIONAL_EMAIL,
    "upsert_insight_data": Right.INSIGHT_DATA,
    "record_event": Right.EVENTS,
}
"""What not every account may do, by the actions that need it."""
_SMS: Final = frozenset({"send_sms"})
_EMAILS: Final = frozenset({"send_email_campaign"})


class ListeningTransport(Transport):
    """A transport that keeps what responses say of limits: requests left, of how many, by scope."""

    def __init__(self, account: Account) -> None:
        """Connect to nothing yet."""
        super().__init__(account)
        self.limits: dict[str, tuple[str, str]] = {}

    def request(self, request: Request) -> Response:
        """Make a request and keep its limits. Raises DotdigitalError."""
        response = super().request(request)
        if scope := response.headers.get("X-RateLimit-Scope"):
            left, most = (response.headers.get(f"X-RateLimit-{name}", "?") for name in ("Remaining", "Limit"))
            self.limits[scope] = (left, most)
        return response


def check_secret(stack_secret: StackSecret, connect: str) -> tuple[list[Finding], Secret | None]:
    """Read the secret; `connect` is the command that writes it. Raises ClientError as boto3 does."""
    text = stack_secret.read()
    if text is None:
        return [wrong("secret", "it has no value yet", connect)], None
    try:
        secret = parse_secret("of this stack", text)
    except SecretError as error:
        return [wrong("secret", str(error), connect)], None
    return list(_judged(secret, connect)), secret


def _judged(secret: Secret, connect: str) -> Iterator[Finding]:
    if not secret.shared_secret:
        yield wrong("secret", "sharedSecret is empty: whoever knows the URL can send events", connect)
    else:
        yield right("secret", "readable and whole")
    if secret.shared_secret_previous:
        yield note("secret", "a rotation is under way", f"{connect} --rotate --finish ends it")
    if secret.shared_secret and not secret.webhook_secret:
        yield note("secret", "no webhookSecret: of a batch only the first event is signed", "docs/settings.md")


class CheckedAccount:
    """The account that a secret names, asked as its API user."""

    def __init__(self, secret: Secret, override: str | None) -> None:
        """Connect to nothing yet; `override` stands in for Dotdigital's address. Raises ValueError for a bad one."""
        self._secret, self._override = secret, override
        self._transport = self._transport_to(secret.region)
        self._dotdigital = Dotdigital(self._transport)
        self.info: AccountInfo | None = None

    def check_credentials(self, connect: str) -> Iterator[Finding]:
        """Check credentials and region; `info` is set where both are right. Raises DotdigitalError."""
        check = check_account(self._secret.region, self._info)
        if check.problem:
            yield wrong("credentials and region", check.problem, f"{check.advice} ({connect})")
            return
        assert check.info
        self.info = check.info
        yield right("credentials and region", f"account {check.info.id}, {check.info.name}, in {check.region}")

    def check_rights(self, subscriptions: Sequence[Enabled]) -> Iterator[Finding]:
        """Check what the enabled subscriptions need that not every account may do."""
        needed = {_NEEDED[each.action]: each for each in reversed(subscriptions) if each.action in _NEEDED}
        for needed_right, subscription in needed.items():
            words = needed_right.value
            try:
                if self.within_seconds().rights.has(needed_right):
                    yield right(words, "the account may; nothing was sent to try it")
                else:
                    found = f"the account may not, and {subscription.name} needs it"
                    yield wrong(words, found, SWITCHED_ON[needed_right])
            except DotdigitalError as error:
                yield unknown(words, f"Dotdigital does not say: {error}")

    def check_limits(self, subscriptions: Sequence[Enabled]) -> Iterator[Finding]:
        """Tell what is left of the limits. `check_credentials` comes first."""
        if not self.info:
            return
        actions = {each.action for each in subscriptions}
        if self.info.calls_remaining is not None:
            yield _left("requests", self.info.calls_remaining, "of the hour", "wait, or send fewer events")
        if self.info.sms_credits is not None and actions & _SMS:
            yield _left("SMS credits", self.info.sms_credits, "in the account", "have them topped up")
        if self.info.email_credits is not None and actions & _EMAILS:
            yield _left("e-mail credits", self.info.email_credits, "in the account", "ask Dotdigital for more")
        for scope, (left, most) in self._transport.limits.items():
            yield note("limit", f"{scope}: {left} of {most} requests are left until its reset")

    def within_seconds(self) -> Dotdigital:
        """Give the client, whose requests end in half a minute from now."""
        self._dotdigital.finish_within(_MOST_SECONDS)
        return self._dotdigital

    def _info(self, region: str) -> AccountInfo:
        transport = self._transport if region == self._secret.region else self._transport_to(region)
        dotdigital = Dotdigital(transport)
        dotdigital.finish_within(_MOST_SECONDS)
        return dotdigital.account_info()

    def _transport_to(self, region: str) -> ListeningTransport:
        url = base_url_of(region, self._override)
        secret = self._secret
        return ListeningTransport(Account(url, secret.username, secret.password, secret.integration_token))


def _left(checked: str, number: int, of: str, advice: str) -> Finding:
    if number <= 0:
        return wrong(checked, f"none is left {of}", advice)
    return right(checked, f"{number:,} are left {of}")

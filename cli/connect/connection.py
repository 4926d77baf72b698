"""What `connect` does to one stack, step by step: each says what it did. Nothing is written before all was tried."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from cli.connect.credentials import Credentials, try_credentials
from cli.connect.own_event import NotTakenError, own_event, send_event, wait_for_outcomes
from cli.connect.secret_value import (
    SHARED,
    WEBHOOK,
    SecretValue,
    checks_no_signature,
    connected,
    finished,
    replaces_another,
    rotated,
)
from cli.connect.segment_api import SegmentApi, SegmentApiError, Source
from cli.connect.segment_setup import SegmentField, SegmentSetup
from cli.deployment import Deployment
from cli.ending import CommandError
from cli.output import Output
from cli.stack import Stack
from cli.stack_secret import StackSecret
from dotdigital import AccountInfo

_SETTINGS: Final = "Connections > Catalog > Webhooks (Actions) > Add destination, then its Settings"
_GOOD: Final = frozenset({"delivered", "skipped"})
_MAPPING: Final = "Mappings > New Mapping > Send"


@dataclass(frozen=True)
class Consent:
    """Asks a person before something is written, unless `yes` says so already."""

    output: Output
    yes: bool

    def ask(self, question: str) -> None:
        """Return where a person agrees. Raises CommandError where not."""
        if not self.yes and not self.output.ask(question):
            raise CommandError("Nothing was written. Where nobody can answer, add --yes.")


@dataclass
class Result:
    """What was done, for a machine. `segment` has what to put into Segment, by the page and the field."""

    account: Mapping[str, Any] | None = None
    secret_written: bool = False
    event_taken: bool = False
    segment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    destination_made: str | None = None
    outcomes: list[dict[str, Any]] = field(default_factory=list)


class Connection:
    """The connection of one stack, while it is made or changed."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a person chose, and where it is done
        self,
        output: Output,
        stack: Stack,
        deployment: Deployment,
        consent: Consent,
        held: Callable[[], AbstractContextManager[None]],
        show: bool,
    ) -> None:
        """Read nothing yet. `held` keeps Ctrl-C away from a step; `show` prints secrets whatever stands against it."""
        self.result = Result()
        self._output, self._stack, self._deployment = output, stack, deployment
        self._consent, self._held, self._show = consent, held, show
        self._secret = StackSecret(stack, deployment.secret_id)
        self._value: SecretValue | None = None

    def close(self) -> None:
        """Close what is open."""
        self._secret.close()

    def connect(self, credentials: Credentials, segment: SegmentApi | None, source_named: str | None) -> bool:
        """Give the stack credentials, and set Segment up with `segment` or say how. Raises CommandError."""
        check = try_credentials(credentials, self._deployment.base_url)
        region = check.region or check.region_used
        assert check.info
        self._say_account(check.info, region)
        before = self._secret.read()
        value = connected(before, credentials, region)
        setup = SegmentSetup(self._deployment.segment_url, value.secret)
        source = segment.source(source_named) if segment else None
        self._ask_before(before, value, self._plan(segment, source, setup))
        self._write(value)
        if not segment or not source:
            self._say_fields(setup, value)
        if not self._prove(value):
            return False
        return self._make_destination(segment, source, setup, value) if segment and source else True

    def rotate(self) -> bool:
        """Write a new shared secret and keep the one before beside it. Raises CommandError."""
        value = rotated(self._secret.id, self._secret.read())
        self._write(value)
        texts = self._texts(value)
        fields = SegmentSetup(self._deployment.segment_url, value.secret).destination_fields(texts)
        self._say_page("In Segment, in the Settings of the destination Webhooks (Actions), change", "settings", fields)
        taken = self._prove(value)
        self._say("Both the new and the former secret count until you end it, some minutes after that change:")
        option = "--local" if self._stack.is_local else f"--stack {self._stack.name}"
        self._say(f"  segment-dotdigital connect {option} --rotate --finish")
        return taken

    def finish(self) -> bool:
        """Drop the former shared secret. Raises CommandError."""
        value = finished(self._secret.id, self._secret.read())
        self._consent.ask("What Segment signs with the former secret is refused from then on. Has it the new one?")
        self._write(value)
        return self._prove(value)

    def deliver(self, event: Mapping[str, Any]) -> bool:
        """Send a person's event and wait for its outcomes; tell whether all of them came and are good."""
        if not self._value:
            return False
        try:
            taken = send_event(self._stack, self._deployment.segment_url, self._value.secret, event)
        except NotTakenError as error:
            self._output.remark(f"The event was not taken: {error}.", "red")
            return False
        if not taken.queued:
            self._say("Your event was taken; no enabled subscription wants it.")
            return True
        outcomes = wait_for_outcomes(self._stack, taken)
        self.result.outcomes = [asdict(each) for each in outcomes]
        for each in outcomes:
            reason = f": {each.reason}" if each.reason else ""
            self._say(f"{each.outcome}: {each.subscription} ({each.action}){reason}")
        missing = sum(taken.queued.values()) - len(outcomes)
        if missing > 0:
            self._output.remark(f"No outcome came within a minute of {missing}: its queue waits; look again later.")
        return missing <= 0 and all(each.outcome in _GOOD for each in outcomes)

    def _say(self, text: str, style: str | None = None) -> None:
        if not self._output.as_json:
            self._output.say(text, style)

    def _say_account(self, info: AccountInfo, region: str) -> None:
        self.result.account = {"id": info.id, "name": info.name, "region": region}
        self._say(f"Dotdigital takes the credentials: account {info.id}, {info.name}, in {region}.")

    def _ask_before(self, before: str | None, value: SecretValue, plan: Iterable[str]) -> None:
        reasons = list(plan)
        if replaces_another(before, value):
            reasons.append("The stack has another API user now; this one takes its place.")
        if checks_no_signature(before):
            reasons.append(
                "Until now the stack takes unsigned requests; from then on it refuses what Segment does not sign."
            )
        for reason in reasons:
            self._output.remark(reason)
        if reasons:
            self._consent.ask("Go on?")

    def _plan(self, segment: SegmentApi | None, source: Source | None, setup: SegmentSetup) -> Iterable[str]:
        if not segment or not source:
            return
        if segment.has_mapping(source, setup.url):
            raise CommandError(f"Segment's source {source.name} sends to {setup.url} already. Nothing was written.")
        yield f"In Segment's source {source.name} this will be made, enabled:"
        yield f"  the destination Webhooks (Actions) named {self._name}, with the stack's shared secret"
        yield "  one mapping that sends every event, in batches of up to 1,000, to"
        yield f"  {setup.url}"

    @property
    def _name(self) -> str:
        return f"Dotdigital ({self._stack.name})"

    def _write(self, value: SecretValue) -> None:
        with self._held():
            self._secret.put(value.content)
            self.result.secret_written = True
        self._value = value
        self._say(f"The secret of {self._stack.title} is written: {', '.join(sorted(value.content))}.")

    def _prove(self, value: SecretValue) -> bool:
        try:
            send_event(self._stack, self._deployment.segment_url, value.secret, own_event())
        except NotTakenError as error:
            self._output.remark(f"The secret is written, but an event did not come through: {error}.", "red")
            return False
        self.result.event_taken = True
        self._say("An event of this command came through the webhook: its signature is right, and it went no further.")
        return True

    def _make_destination(self, segment: SegmentApi, source: Source, setup: SegmentSetup, value: SecretValue) -> bool:
        made = None
        try:
            made = segment.make_destination(source, self._name, setup)
            self.result.destination_made = made
            segment.make_mapping(made, "All events", setup)
        except SegmentApiError as error:
            self._output.remark(str(error), "red")
            if made:
                self._output.remark(f"The destination {self._name} is there, without its mapping. Make that by hand:")
            self._say_fields(setup, value)
            return False
        self._say(f"Segment's source {source.name} has the destination {self._name} and sends every event.")
        return True

    def _say_fields(self, setup: SegmentSetup, value: SecretValue) -> None:
        texts = self._texts(value)
        self._say_page(f"In Segment: {_SETTINGS}", "settings", setup.destination_fields(texts))
        self._say_page(_MAPPING, "mapping", setup.mapping_fields(texts))

    def _say_page(self, title: str, key: str, fields: Iterable[SegmentField]) -> None:
        rows = list(fields)
        self.result.segment = {**self.result.segment, key: dict(rows)}
        self._say(f"\n{title}", "bold")
        for label, text in rows:
            self._say(f"  {label:<16}  {text}")
        self._say("")

    def _texts(self, value: SecretValue) -> dict[str, str]:
        """Give what is shown of each secret: itself where it was made just now and a person looks, or asked for it."""
        secrets = {SHARED: value.secret.shared_secret, WEBHOOK: value.secret.webhook_secret or ""}
        return {key: self._text(key, secret, value) for key, secret in secrets.items()}

    def _text(self, key: str, secret: str, value: SecretValue) -> str:
        if self._show or (key in value.made and self._output.results.is_terminal):
            return secret
        if key in value.made:
            return f"({key} of the secret; --show prints it)"
        return "(as it was)"

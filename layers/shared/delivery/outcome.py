"""What became of an event for one subscription: the one thing that sources, queues, logs and metrics see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, Self

from delivery.fields.data_fields import NOT_OF_THE_ACCOUNT
from dotdigital.redaction import shown_code

Kind = Literal["delivered", "skipped", "rejected", "retry", "in_doubt"]


class Ids(NamedTuple):
    """What Dotdigital says of what was done. What it does not say is None."""

    contact_id: int | None = None
    list_id: int | None = None
    enrolment_id: str | None = None
    send_id: str | None = None
    message_id: str | None = None
    email_status: str | None = None
    sms_status: str | None = None
    sms_parts: int | None = None
    recipients: int | None = None
    collection: str | None = None


class Refusal(NamedTuple):
    """How Dotdigital refused: the status and the code of its response, the seconds after which to try again."""

    status: int | None = None
    code: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class Skipped:
    """What an action gives when there was nothing to do."""

    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of an event for one subscription.

    - `delivered`: Dotdigital accepted it; `ids` has what it says of what was done
    - `skipped`: the trigger does not match, the subscription is disabled, or there was nothing to do
    - `rejected`: the event, the mapping or Dotdigital says no for good; `fields` has a reason for each field at fault
    - `retry`: the same event can succeed later, after `refusal.retry_after` where that is known
    - `in_doubt`: a send that may have happened; repeating it could send twice

    Where Dotdigital refused, `refusal` says how, and `reason` has its words without addresses and numbers. Nothing else
    here holds anything of the event's own.
    """

    outcome: Kind
    action: str
    subscription: str
    reason: str | None = None
    fields: Mapping[str, str] | None = None
    ids: Ids | None = None
    refusal: Refusal | None = None

    @property
    def is_in_dotdigitals_words(self) -> bool:
        """Whether the reason is what Dotdigital said: in a response, or of one contact in a report."""
        return self.refusal is not None and not (self.refusal.status is None and self.refusal.code is None)

    @property
    def retry_after(self) -> float | None:
        """The seconds after which Dotdigital said to try again, None where it did not."""
        return self.refusal.retry_after if self.refusal else None

    @property
    def known_fields(self) -> Mapping[str, str]:
        """The reasons of the fields that have their names from an action or from the account."""
        return {field: reason for field, reason in (self.fields or {}).items() if reason != NOT_OF_THE_ACCOUNT}

    @property
    def unknown_fields(self) -> str | None:
        """How many data fields the account does not have, None where it has them all.

        A trait may have the name of a person, so logs and dead letters have the number and not the names.
        """
        number = len(self.fields or {}) - len(self.known_fields)
        if not number:
            return None
        return f"{number} data field{'s' if number > 1 else ''} that the account does not have"

    @property
    def dotdigital(self) -> dict[str, Any] | None:
        """The ids, or the refusal, under their names in JSON; None where Dotdigital said nothing."""
        said = self.ids or self.refusal
        if said is None:
            return None
        return {_IN_JSON[name]: value for name, value in said._asdict().items() if value is not None}

    @property
    def shown_dotdigital(self) -> dict[str, Any]:
        """The ids, or the refusal, as logs may hold it: where a code should be a response may have anything."""
        said = self.dotdigital or {}
        return said | {"code": shown_code(said["code"])} if "code" in said else said

    def as_json(self) -> dict[str, Any]:
        """Give the outcome as responses have it: what is not known is left out."""
        content = {
            "outcome": self.outcome,
            "action": self.action,
            "subscription": self.subscription,
            "reason": self.reason,
            "fields": self.fields,
            "dotdigital": self.dotdigital,
        }
        return {name: value for name, value in content.items() if value is not None}

    @classmethod
    def of_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `as_json` gave. Raises TypeError for anything else."""
        others = dict(content)
        said = {_OF_JSON[name]: value for name, value in (others.pop("dotdigital", None) or {}).items()}
        if others["outcome"] == "delivered":
            return cls(**others, ids=Ids(**said))
        return cls(**others, refusal=Refusal(**said) if said else None)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


_IN_JSON: Final = {field: _camel(field) for kind in (Ids, Refusal) for field in kind._fields}
_OF_JSON: Final = {written: name for name, written in _IN_JSON.items()}

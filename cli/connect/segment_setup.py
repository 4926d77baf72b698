"""What the destination Webhooks (Actions) is set to in Segment: for a person to paste, and for Segment's Public API.

https://segment.com/docs/connections/destinations/catalog/actions-webhook/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from aws.secret import Secret
from cli.connect.secret_value import SHARED, WEBHOOK

WEBHOOK_HEADER: Final = "X-Webhook-Secret"
TRIGGER: Final = " or ".join(f'type = "{kind}"' for kind in ("identify", "track", "page", "screen", "group", "alias"))
_BATCH_SIZE: Final = 1000


class SegmentField(NamedTuple):
    """A field of a form of Segment, and what is put there."""

    label: str
    value: str


@dataclass(frozen=True)
class SegmentSetup:
    """The settings of a destination and of its one mapping, which brings every event to `url`."""

    url: str
    secret: Secret

    @property
    def settings(self) -> dict[str, Any]:
        """The destination's settings, as Segment's API names them."""
        return {"sharedSecret": self.secret.shared_secret}

    @property
    def mapping(self) -> dict[str, Any]:
        """The fields of the mapping's action `send`, as Segment's API names them."""
        headers = {WEBHOOK_HEADER: self.secret.webhook_secret} if self.secret.webhook_secret else None
        return {
            "url": self.url,
            "method": "POST",
            **({"headers": headers} if headers else {}),
            "data": {"@path": "$."},
            "enable_batching": True,
            "batch_size": _BATCH_SIZE,
            "batch_keys": ["url", "method", "headers"],
        }

    def destination_fields(self, texts: Mapping[str, str]) -> Iterator[SegmentField]:
        """Give the fields of the destination's page. `texts` has what stands for each secret, by its key."""
        yield SegmentField("Shared Secret", texts[SHARED])

    def mapping_fields(self, texts: Mapping[str, str]) -> Iterator[SegmentField]:
        """Give the fields of the mapping's page. `texts` has what stands for each secret, by its key."""
        yield SegmentField("Trigger", "all event types, no condition")
        yield SegmentField("URL", self.url)
        yield SegmentField("Method", "POST")
        if self.secret.webhook_secret:
            yield SegmentField("Headers", f"{WEBHOOK_HEADER}: {texts[WEBHOOK]}")
        yield SegmentField("Data", "$.")
        yield SegmentField("Enable Batching", "Yes")
        yield SegmentField("Batch Size", str(_BATCH_SIZE))

"""The environment of a function, read once at its start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from delivery.incoming import SEGMENT_SOURCE_PREFIX, EventBus
from dotdigital import REGIONS, base_url_of

_DAY_HOURS: Final = 24


class SettingsError(RuntimeError):
    """The function cannot start: its message has every variable at fault and what is wrong with it."""


class Settings(BaseModel):
    """Every variable that the functions read; docs/settings.md has them as a table."""

    model_config = ConfigDict(frozen=True)

    secret_id: str = Field(alias="DOTDIGITAL_SECRET_ID", min_length=1, description="The name or the ARN of the secret.")
    secret_max_age: int = Field(
        300,
        alias="SECRET_MAX_AGE_SECONDS",
        ge=0,
        description="Seconds after which the secret is read again.",
    )
    base_url: str | None = Field(
        None, alias="DOTDIGITAL_BASE_URL", description="The sandbox's address in place of Dotdigital's. Loopback only."
    )
    base_url_allowed_host: str | None = Field(
        None,
        alias="DOTDIGITAL_BASE_URL_ALLOWED_HOST",
        description="One more host for DOTDIGITAL_BASE_URL. It gets the credentials.",
    )
    subscriptions_path: Path = Field(
        Path("/opt/subscriptions.json"), alias="SUBSCRIPTIONS_PATH", description="The file of subscriptions."
    )
    sends_table: str = Field(
        alias="SENDS_TABLE",
        min_length=1,
        description="The DynamoDB table that records the sends. No send is made without it.",
    )
    sends_kept_days: int = Field(
        7, alias="SENDS_KEPT_DAYS", ge=1, description="Days for which a second copy of an event is recognised."
    )
    queue_prefix: str = Field(
        alias="QUEUE_PREFIX",
        min_length=1,
        description="The beginning of queue names: `<prefix><action>`, `<prefix><action>-dead-letters`.",
    )
    retry_for_hours: float = Field(
        72,
        alias="RETRY_FOR_HOURS",
        gt=0,
        description="Hours after which a message that is still a retry becomes a dead letter.",
    )
    segment_source_prefix: str = Field(
        SEGMENT_SOURCE_PREFIX,
        alias="SEGMENT_SOURCE_PREFIX",
        min_length=1,
        description="The beginning of the source of Segment's events on EventBridge.",
    )
    allow_payloads: bool = Field(
        False,
        alias="ALLOW_PAYLOADS",
        description="Whether events of your own bus may bring a payload, past all subscriptions.",
    )
    may_create_data_fields: bool = Field(
        False,
        alias="CATALOG_MAY_CREATE_DATA_FIELDS",
        description="Whether POST /catalog/data-fields may create a data field in Dotdigital.",
    )
    service: str = Field(
        "segment-dotdigital", alias="POWERTOOLS_SERVICE_NAME", description="The stack's name, in logs and metrics."
    )
    metrics_namespace: str = Field(
        "SegmentDotdigital",
        alias="POWERTOOLS_METRICS_NAMESPACE",
        description="The namespace of the metrics in CloudWatch.",
    )

    @model_validator(mode="after")
    def _remember_longer_than_retry(self) -> Self:
        if self.retry_for_hours >= self.sends_kept_days * _DAY_HOURS:
            raise ValueError("RETRY_FOR_HOURS must be less than SENDS_KEPT_DAYS: a retry must find what was sent")
        return self

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables; an empty one is one that is not set. Raises SettingsError with every problem."""
        try:
            settings = cls.model_validate({name: value for name, value in environment.items() if value})
            settings.base_url_of(next(iter(REGIONS)))
        except ValidationError as error:
            problems = (": ".join([*map(str, each["loc"]), each["msg"]]) for each in error.errors(include_input=False))
            raise SettingsError("the environment is not right: " + "; ".join(problems)) from None
        except ValueError as error:
            raise SettingsError(f"the environment is not right: DOTDIGITAL_BASE_URL: {error}") from None
        return settings

    @property
    def event_bus(self) -> EventBus:
        """What reads the envelopes of EventBridge."""
        return EventBus(self.segment_source_prefix, self.allow_payloads)

    def base_url_of(self, region: str) -> str:
        """Give the address of Dotdigital's API for an account of `region`."""
        return base_url_of(region, self.base_url, self.base_url_allowed_host)

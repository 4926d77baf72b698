"""The environment of a function, read once at its start."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dotdigital import REGIONS, base_url_of


class SettingsError(RuntimeError):
    """The function cannot start: its message has every variable at fault and what is wrong with it."""


class Settings(BaseModel):
    """Every variable that the functions read; docs/settings.md has them as a table."""

    model_config = ConfigDict(frozen=True)

    secret_id: str = Field(alias="DOTDIGITAL_SECRET_ID", min_length=1, description="Name or ARN of the secret.")
    secret_max_age: int = Field(
        300,
        alias="SECRET_MAX_AGE_SECONDS",
        ge=0,
        description="Seconds that the secret is kept before it is read again.",
    )
    base_url: str | None = Field(
        None, alias="DOTDIGITAL_BASE_URL", description="Stands in for Dotdigital's address: the sandbox. Loopback only."
    )
    base_url_allowed_host: str | None = Field(
        None,
        alias="DOTDIGITAL_BASE_URL_ALLOWED_HOST",
        description="The one host beside loopback that DOTDIGITAL_BASE_URL may name. It gets the credentials.",
    )
    subscriptions_path: Path = Field(
        Path("/opt/subscriptions.json"), alias="SUBSCRIPTIONS_PATH", description="The subscriptions, a layer's file."
    )
    metrics_namespace: str = Field(
        "SegmentDotdigital", alias="POWERTOOLS_METRICS_NAMESPACE", description="CloudWatch namespace of the metrics."
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables; an empty one is one that is not set. Raises SettingsError with every problem."""
        try:
            settings = cls.model_validate({name: value for name, value in environment.items() if value})
            settings.base_url_of(next(iter(REGIONS)))
        except ValidationError as error:
            problems = (f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors(include_input=False))
            raise SettingsError("the environment is not right: " + "; ".join(problems)) from None
        except ValueError as error:
            raise SettingsError(f"the environment is not right: DOTDIGITAL_BASE_URL: {error}") from None
        return settings

    def base_url_of(self, region: str) -> str:
        """Give the address to call for an account of `region`."""
        return base_url_of(region, self.base_url, self.base_url_allowed_host)

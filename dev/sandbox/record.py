"""The base of what the sandbox's account is made of, written in JSON with camelCase names."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Record(BaseModel):
    """A thing of the account, as `seed.json` holds it and as Dotdigital shows it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    def as_json(self) -> dict[str, object]:
        """The thing as JSON."""
        return self.model_dump(mode="json", by_alias=True)

"""The limits that AWS and Dotdigital state, each with its page: limits.json."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, RootModel

from local.cost.reading import FOLDER, read

LIMITS: Final = FOLDER / "limits.json"


class Limit(BaseModel):
    """A limit: how much, of what, whether it can be raised, and the page. Not `seen` is one that is from memory."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str
    service: str
    of: str
    raised: str
    page: str
    seen: bool


class Limits(RootModel[Mapping[str, Limit]]):
    """All limits, by name."""

    def __getitem__(self, name: str) -> float:
        """Give the number of a limit."""
        return self.root[name].value


def read_limits(path: Path = LIMITS) -> Limits:
    """Read a file of limits. Raises CostError."""
    return read(path, Limits, "local/cost/limits.json has the shape")

"""What the benchmark measured, out of the JSON that `make bench JSON=file` writes: the part that costs are made of."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from local.cost.errors import CostError
from local.cost.reading import FOLDER, read

FIGURES: Final = FOLDER / "figures.json"
REMEDY: Final = "make bench JSON=local/cost/figures.json measures anew"


class Batch(BaseModel):
    """A batch of POST /segment: its bytes, and the median seconds that segment_webhook took."""

    model_config = ConfigDict(frozen=True)

    events: int = Field(gt=0)
    bytes: int = Field(gt=0)
    p50: float = Field(gt=0)


class Row(BaseModel):
    """Events that an action's function delivered: seconds on the clock and of the processor, calls, bytes of logs.

    `waited_seconds` are those between looks at imports' reports, which the benchmark does not sleep.
    """

    model_config = ConfigDict(frozen=True)

    row: str
    events: int = Field(gt=0)
    seconds: float = Field(gt=0)
    cpu_seconds: float = Field(gt=0)
    waited_seconds: float = Field(ge=0)
    calls: int = Field(gt=0)
    log_bytes: int = Field(ge=0)


class Start(BaseModel):
    """The milliseconds from nothing until some point of a function's start."""

    model_config = ConfigDict(frozen=True)

    until: str
    milliseconds: float = Field(gt=0)


class Figures(BaseModel):
    """The benchmark's figures. What it measures besides is left out."""

    model_config = ConfigDict(frozen=True)

    batches: tuple[Batch, ...]
    whole_way: tuple[Row, ...]
    startup: tuple[Start, ...]

    def batch(self, events: int) -> Batch:
        """Give the batch of so many events. Raises CostError."""
        return _one({each.events: each for each in self.batches}, events)

    def row(self, name: str) -> Row:
        """Give a row of the whole way by its name. Raises CostError."""
        return _one({each.row: each for each in self.whole_way}, name)

    def started(self, until: str) -> float:
        """Give the milliseconds until that point of a start. Raises CostError."""
        return _one({each.until: each.milliseconds for each in self.startup}, until)


def read_figures(path: Path = FIGURES) -> Figures:
    """Read the benchmark's JSON. Raises CostError."""
    return read(path, Figures, REMEDY)


def _one[K, T](known: dict[K, T], key: K) -> T:
    if key not in known:
        raise CostError(f"the benchmark's figures have no {key!r}, but {', '.join(map(repr, known))}: {REMEDY}")
    return known[key]

"""What neither the benchmark, nor a price, nor a page of AWS's or Dotdigital's says, and is put as a number."""

from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict

from local.cost.reading import FOLDER, read

ASSUMPTIONS: Final = FOLDER / "assumptions.json"


class Assumption(BaseModel):
    """A number, its unit, and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str
    why: str


class Assumptions(BaseModel):
    """Every assumption by name. Times are in milliseconds or seconds as they are named, sizes in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dotdigital_answer_ms: Assumption
    import_seconds: Assumption
    dynamodb_answer_ms: Assumption
    processor_ratio: Assumption
    subscriptions_an_event: Assumption
    platform_log_bytes: Assumption
    webhook_log_bytes: Assumption
    answer_bytes: Assumption
    call_bytes: Assumption
    import_contact_bytes: Assumption
    record_bytes: Assumption

    def put(self, **values: float) -> Self:
        """Give the same with other numbers for some."""
        changed = {name: getattr(self, name).model_copy(update={"value": value}) for name, value in values.items()}
        return self.model_copy(update=changed)


def read_assumptions(path: Path = ASSUMPTIONS) -> Assumptions:
    """Read a file of assumptions. Raises CostError."""
    return read(path, Assumptions, "local/cost/assumptions.json has the shape")

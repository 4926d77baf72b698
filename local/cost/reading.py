"""Reads the JSON files that a calculation starts from."""

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from local.cost.errors import CostError

FOLDER: Final = Path(__file__).parent


def read[M: BaseModel](path: Path, model: type[M], remedy: str) -> M:
    """Read a file as `model`. Raises CostError, which ends with `remedy`."""
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CostError(f"{path} cannot be read ({error.strerror}): {remedy}") from None
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise CostError(f"{path} is not right: {place}: {problem['msg']}: {remedy}") from None

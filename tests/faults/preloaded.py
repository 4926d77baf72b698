"""What every worker needs, imported once for all of them, so that a killed worker is replaced in milliseconds.

The clock is put in place first, because defaults such as `monotonic=time.monotonic` are bound by an import.
"""

import importlib
import sys
from pathlib import Path
from typing import Final

from dev.benchmarks.resources import ACTIONS
from tests.faults.process_clock import CLOCK

CLOCK.install()
# The fork server is not told the path of whoever starts it (https://github.com/python/cpython/issues/117378).
sys.path.append(str(Path(__file__).parents[2] / "layers/shared"))

PACKAGES: Final = (
    "boto3",
    "email_validator",
    "aws",
    "liquid",
    "phonenumbers",
    "tests.support.functions",
    *(f"actions.{action}" for action in ACTIONS),
)
for package in PACKAGES:
    importlib.import_module(package)

"""What every worker needs, imported once for all of them, so that a killed worker is replaced in milliseconds.

The clock is put in place first, because defaults such as `monotonic=time.monotonic` are bound by an import.
"""

import importlib
from typing import Final

from tests.faults.process_clock import CLOCK
from tests.faults.resources import ACTIONS

CLOCK.install()

PACKAGES: Final = (
    "boto3",
    "email_validator",
    "aws",
    "liquid",
    "phonenumbers",
    "tests.support.functions",
    *(f"{action}.app" for action in ACTIONS),
)
for package in PACKAGES:
    importlib.import_module(package)

"""What every process of a run needs, imported once for all, so that a killed worker is replaced in milliseconds.

The clock is put in place first, because defaults such as `monotonic=time.monotonic` are bound by an import.
"""

import importlib

from dev import PROJECT
from tests.faults.clock import CLOCK

CLOCK.install()
for package in ("boto3", "email_validator", "liquid", "phonenumbers", "aws", "tests.faults.machine"):
    importlib.import_module(package)
for app in PROJECT.glob("functions/*/app.py"):
    importlib.import_module(f"{app.parent.name}.app")

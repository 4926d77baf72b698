"""What only we run: the sandbox, the local cloud, the benchmarks, and what writes generated files."""

import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
"""The top of the checkout."""

SUBSCRIPTIONS_FILE = PROJECT / "events/subscriptions.json"
"""The subscriptions that ship, which events/ and its expectations are for; those of layers/ are the user's to edit."""

# So that `python -m dev.…` finds the code of the functions in a plain shell.
for _folder in ("layers/shared", "functions"):
    if str(PROJECT / _folder) not in sys.path:
        sys.path.append(str(PROJECT / _folder))

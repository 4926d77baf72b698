"""``python -m local.subscriptions``: the command line of :mod:`local.subscriptions.cli`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers/shared"))

from local.subscriptions.cli import app

app(prog_name="python -m local.subscriptions")

"""``python -m cli.subscriptions``: the command line of :mod:`cli.subscriptions.cli`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers/shared"))

from cli.subscriptions.cli import app

app(prog_name="python -m cli.subscriptions")

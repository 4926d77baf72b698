"""``python -m cli.operate``: the command line of :mod:`cli.operate.cli`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers/shared"))

from cli.operate.cli import app

app(prog_name="python -m cli.operate")

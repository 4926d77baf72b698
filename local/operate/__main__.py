"""``python -m local.operate``: the command line of :mod:`local.operate.cli`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers/shared"))

from local.operate.cli import app

app(prog_name="python -m local.operate")

"""``python -m local.preview``: the command line of :mod:`local.preview.cli`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers/shared"))

from local.preview.cli import app

app(prog_name="python -m local.preview")

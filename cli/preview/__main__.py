"""``python -m cli.preview``: the command line of :mod:`cli.preview.cli`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "layers/shared"))

from cli.preview.cli import app

app(prog_name="python -m cli.preview")

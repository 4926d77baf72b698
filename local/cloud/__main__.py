"""``python -m local.cloud``: the command line of :mod:`local.cloud.cli`."""

from local.cloud.cli import app

app(prog_name="python -m local.cloud")

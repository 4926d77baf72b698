"""``python -m dev.local_cloud``: the command line of :mod:`dev.local_cloud.cli`."""

from dev.local_cloud.cli import app

app(prog_name="python -m dev.local_cloud")

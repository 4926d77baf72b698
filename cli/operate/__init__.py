"""What a person does with a stack that runs: look at dead letters, replay or drop them, feed it a file of events.

`docs/operating.md` is the manual. :mod:`cli.operate.cli` is the command line; the same commands work against AWS and
against `make run`.
"""

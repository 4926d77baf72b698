"""Brings subscriptions over from Segment. docs/importing.md is the manual, :mod:`local.subscriptions.cli` what runs."""

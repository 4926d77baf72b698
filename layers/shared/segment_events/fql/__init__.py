"""Triggers: Segment's conditions (FQL) on which events a subscription takes, compiled once."""

from segment_events.fql.compiler import compile_trigger
from segment_events.fql.errors import TriggerError

__all__ = ["TriggerError", "compile_trigger"]

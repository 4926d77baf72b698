"""Triggers: Segment's conditions (FQL) on which events a subscription takes, compiled once."""

from segment_events.triggers.compiler import compile_trigger
from segment_events.triggers.errors import TriggerError

__all__ = ["TriggerError", "compile_trigger"]

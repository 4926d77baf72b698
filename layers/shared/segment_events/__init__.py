"""Segment's side: events, triggers (FQL), the mapping language and the webhook signature. Knows Segment only."""

from segment_events.event import Event, EventError, read_event
from segment_events.fql import TriggerError, compile_trigger
from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
from segment_events.signature import describe_signed_part, sign, verify_signature

__all__ = [
    "Event",
    "EventError",
    "MappingError",
    "MappingResolutionError",
    "TriggerError",
    "compile_mapping",
    "compile_trigger",
    "describe_signed_part",
    "read_event",
    "sign",
    "verify_signature",
]

"""What becomes of an event: a subscription's trigger, mapping and action, and the one outcome that they end in."""

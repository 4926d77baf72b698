"""Shows what would become of an event: who takes it, what the mapping makes of it, what Dotdigital would be sent.

Nothing leaves the machine. docs/preview.md is the manual.
"""

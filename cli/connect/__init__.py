"""Connects a stack with Dotdigital and with Segment. docs/connect.md is the manual."""

"""Measures what the project promises: calls to Dotdigital, events a second, memory, time to answer (`make bench`)."""

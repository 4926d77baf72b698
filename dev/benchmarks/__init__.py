"""Measures what the project promises: requests to Dotdigital, events a second, memory, seconds (`make bench`)."""

"""The ways into a function. A door knows its envelope: how to take an event out of it, and how to answer."""

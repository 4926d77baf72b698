"""Checks a deployed stack and the account behind it, by requests that read. docs/connect.md is the manual."""

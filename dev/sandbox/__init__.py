"""A Dotdigital to run against: an HTTP server that keeps a small account in memory.

It responds to the requests that the actions make as Dotdigital's documentation says, keeps a journal of
every effect, and can be told to fail. `dev/sandbox/README.md` is the manual; `python -m dev.sandbox`
starts it, and `dev.sandbox.server.Sandbox` runs it inside a test.
"""

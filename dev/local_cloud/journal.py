"""Ask the Dotdigital sandbox what it was asked to do."""

import requests

READS = {"GET", "HEAD"}


class Journal:
    """The requests that the sandbox got, read on from where they were read last."""

    def __init__(self, sandbox_url: str) -> None:
        """Start at the sandbox's first request."""
        self._url = f"{sandbox_url}/_sandbox/requests"
        self._seen = 0

    def new_requests(self) -> list[str]:
        """Return the requests since the last call, as "METHOD /path?query", without mere reads."""
        new = requests.get(self._url, params={"since": self._seen}, timeout=5).json()
        self._seen += len(new)
        return [f"{one['method']} {one['raw_path']}" for one in new if one["method"] not in READS]

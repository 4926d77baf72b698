"""The HTTP session: what requests would do by itself and must not do here."""

import logging
from http.cookiejar import DefaultCookiePolicy

import requests

# Its lines hold paths, and so addresses and numbers.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class ApiSession(requests.Session):
    """A session that follows no redirect, keeps no cookie and takes no proxy or password from the environment.

    Threads may share it: without cookies nothing of it changes from call to call.
    """

    def __init__(self) -> None:
        """Open nothing yet."""
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Give no target, so that not even a Location that cannot be parsed is looked at."""
        return None

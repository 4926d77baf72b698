"""Segment's Public API, as far as a destination and its mapping are made with it.

https://docs.segmentapis.com/tag/Destinations
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import requests

from cli.connect.segment_setup import TRIGGER, SegmentSetup
from cli.ending import CommandError

US: Final = "https://api.segmentapis.com"
EU: Final = "https://eu1.api.segmentapis.com"
WEBHOOKS_ACTIONS: Final = "614a3c7d791c91c41bae7599"
"""Segment's id of the destination Webhooks (Actions) in its catalog."""

_SEND: Final = "send"
_V1: Final = "application/vnd.segment.v1+json"
_ALPHA: Final = "application/vnd.segment.v1alpha+json"
_ALPHA_ALONE: Final = "/subscriptions"
"""How the paths end that no other version has."""

_MOST_SECONDS: Final = 30.0


class SegmentApiError(CommandError):
    """Segment's API refuses a request, or does not respond."""


@dataclass(frozen=True)
class Source:
    """A source of the workspace."""

    id: str
    slug: str
    name: str


class SegmentApi:
    """The API of one workspace, by a token that its owner made."""

    def __init__(self, token: str, url: str) -> None:
        """Connect to nothing yet."""
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def source(self, named: str | None) -> Source:
        """Return the source of that id, slug or name; without one the only source there is. Raises SegmentApiError."""
        sources = [Source(each["id"], each["slug"], each.get("name") or each["slug"]) for each in self._sources()]
        if named is None and len(sources) == 1:
            return sources[0]
        for source in sources:
            if named in (source.id, source.slug, source.name):
                return source
        names = ", ".join(source.slug for source in sources) or "none that the token may see"
        raise SegmentApiError(f"Name the source with --segment-source. The workspace has: {names}.")

    def has_mapping(self, source: Source, url: str) -> bool:
        """Tell whether some Webhooks (Actions) destination of the source sends to `url` already."""
        for destination in self._pages(f"/sources/{quote(source.id, safe='')}/connected-destinations", "destinations"):
            if destination["metadata"]["id"] == WEBHOOKS_ACTIONS:
                path = f"/destinations/{quote(destination['id'], safe='')}/subscriptions"
                if any(each.get("settings", {}).get("url") == url for each in self._pages(path, "subscriptions")):
                    return True
        return False

    def make_destination(self, source: Source, name: str, setup: SegmentSetup) -> str:
        """Make the destination, enabled and without a mapping, and return its id."""
        content = {
            "sourceId": source.id,
            "metadataId": WEBHOOKS_ACTIONS,
            "name": name,
            "enabled": True,
            "settings": setup.settings,
        }
        made: str = self._request("POST", "/destinations", content)["destination"]["id"]
        return made

    def make_mapping(self, destination_id: str, name: str, setup: SegmentSetup) -> None:
        """Make the one mapping of the destination, enabled."""
        content = {
            "name": name,
            "actionId": self._send_action(),
            "trigger": TRIGGER,
            "enabled": True,
            "settings": setup.mapping,
        }
        self._request("POST", f"/destinations/{quote(destination_id, safe='')}/subscriptions", content)

    def _send_action(self) -> str:
        metadata = self._request("GET", f"/catalog/destinations/{WEBHOOKS_ACTIONS}")["destinationMetadata"]
        for action in metadata["actions"]:
            if action["slug"] == _SEND:
                return str(action["id"])
        raise SegmentApiError("Segment's catalog has no action send of Webhooks (Actions).")

    def _sources(self) -> Iterator[Mapping[str, Any]]:
        return self._pages("/sources", "sources")

    def _pages(self, path: str, key: str) -> Iterator[Mapping[str, Any]]:
        cursor = None
        while True:
            query = {"pagination.count": "200"} | ({"pagination.cursor": cursor} if cursor else {})
            page = self._request("GET", path, query=query)
            yield from page[key]
            cursor = page.get("pagination", {}).get("next")
            if not cursor:
                return

    def _request(
        self, method: str, path: str, content: Any = None, query: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """Make a request and return its `data`. Raises SegmentApiError with Segment's own words, never with ours."""
        version = _ALPHA if path.endswith(_ALPHA_ALONE) else _V1
        headers = {"Accept": version} | ({"Content-Type": version} if content is not None else {})
        options: Any = {"timeout": _MOST_SECONDS, "allow_redirects": False}
        try:
            response = self._session.request(
                method, self._url + path, json=content, params=query, headers=headers, **options
            )
        except requests.RequestException as error:
            raise SegmentApiError(f"Segment's API does not respond ({type(error).__name__}).") from None
        if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            problem = f"Segment's API responds {response.status_code} to {method} {path}: {_words(response)}"
            raise SegmentApiError(f"{problem.rstrip('.')}.")
        try:
            data: Mapping[str, Any] = response.json()["data"]
        except (ValueError, KeyError, TypeError):
            raise SegmentApiError(f"Segment's response to {method} {path} cannot be read.") from None
        return data


def _words(response: requests.Response) -> str:
    try:
        return "; ".join(str(error.get("message") or error["type"]) for error in response.json()["errors"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return response.reason or "without a reason"

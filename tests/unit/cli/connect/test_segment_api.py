"""The destination that `connect` makes in Segment, by a stand-in for its Public API on the same server."""

import json
import re
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import Result
from werkzeug import Request, Response

from tests.unit.cli.conftest import Cli
from tests.unit.cli.deployed import Deployed

pytestmark = pytest.mark.usefixtures("environment_of_a_pipeline")

TOKEN = "sgp_token"
CATALOG_ID = "614a3c7d791c91c41bae7599"
WEB, APP = {"id": "s1", "slug": "web", "name": "Web shop"}, {"id": "s2", "slug": "app"}
MAPPINGS = "/destinations/d1/subscriptions"
TRIGGER = 'type = "identify" or type = "track" or type = "page" or type = "screen" or type = "group" or type = "alias"'


class Segment:
    """A workspace, whose lists have one item a page. `refused` has statuses by method and path."""

    def __init__(self, http: HTTPServer) -> None:
        self.url = http.url_for("/public")
        self.sources: list[dict[str, Any]] = [WEB]
        self.connected: list[dict[str, Any]] = []
        self.mappings: list[dict[str, Any]] = []
        self.refused: dict[str, int] = {}
        self.made: list[tuple[str, Any]] = []
        http.expect_request(re.compile("^/public/")).respond_with_handler(self._respond)

    def _respond(self, request: Request) -> Response:
        path = request.path.removeprefix("/public")
        version = "v1alpha" if path.endswith("/subscriptions") else "v1"
        media = f"application/vnd.segment.{version}+json"
        assert (request.headers["Authorization"], request.headers["Accept"]) == (f"Bearer {TOKEN}", media)
        if status := self.refused.get(f"{request.method} {path}"):
            return _json({"errors": [{"type": "forbidden", "message": "The feature is off."}]}, status)
        if request.method == "POST":
            assert request.headers["Content-Type"] == media
            self.made.append((path, json.loads(request.get_data())))
            return _json({"data": {"destination": {"id": "d1"}, "subscription": {"id": "m1"}}})
        return _json({"data": self._found(path, request)})

    def _found(self, path: str, request: Request) -> dict[str, Any]:
        if path == f"/catalog/destinations/{CATALOG_ID}":
            return {"destinationMetadata": {"actions": [{"id": "a0", "slug": "x"}, {"id": "a1", "slug": "send"}]}}
        key, rows = {
            "/sources": ("sources", self.sources),
            "/sources/s1/connected-destinations": ("destinations", self.connected),
            MAPPINGS: ("subscriptions", self.mappings),
        }[path]
        place = int(request.args.get("pagination.cursor", 0))
        following = {"next": str(place + 1)} if place + 1 < len(rows) else {}
        return {key: rows[place : place + 1], "pagination": {"current": str(place), **following}}


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, {"Content-Type": "application/json"})


@pytest.fixture
def segment(deployed: Deployed) -> Segment:
    return Segment(deployed.http)


def connect(cli: Cli, segment: Segment, *options: str, stdin: str | None = None) -> Result:
    return cli("connect", "--segment-token", TOKEN, "--segment-api", segment.url, *options, stdin=stdin)


def test_the_destination_and_its_mapping_are_made_once_a_person_agrees(
    cli: Cli, deployed: Deployed, segment: Segment
) -> None:
    segment.connected = [{"id": "d9", "metadata": {"id": "other"}}, {"id": "d1", "metadata": {"id": CATALOG_ID}}]
    segment.mappings = [{}, {"settings": {"url": "https://elsewhere.example.com"}}]
    result = connect(cli, segment, stdin="y\n")
    assert result.stderr == (
        "In Segment's source Web shop this will be made, enabled:\n"
        "  the destination Webhooks (Actions) named Dotdigital (shop), with the stack's shared secret\n"
        "  one mapping that sends every event, in batches of up to 1,000, to\n"
        f"  {deployed.url}\n"
        "Go on? [y/N] "
    )
    secret = deployed.value
    assert segment.made == [
        (
            "/destinations",
            {
                "sourceId": "s1",
                "metadataId": CATALOG_ID,
                "name": "Dotdigital (shop)",
                "enabled": True,
                "settings": {"sharedSecret": secret["sharedSecret"]},
            },
        ),
        (
            MAPPINGS,
            {
                "name": "All events",
                "actionId": "a1",
                "trigger": TRIGGER,
                "enabled": True,
                "settings": {
                    "url": deployed.url,
                    "method": "POST",
                    "headers": {"X-Webhook-Secret": secret["webhookSecret"]},
                    "data": {"@path": "$."},
                    "enable_batching": True,
                    "batch_size": 1000,
                    "batch_keys": ["url", "method", "headers"],
                },
            },
        ),
    ]
    assert result.stdout.endswith(
        "Segment's source Web shop has the destination Dotdigital (shop) and sends every event.\n"
    )
    assert (result.exit_code, "Shared Secret" in result.stdout) == (0, False)


@pytest.mark.parametrize("named", ["s2", "app"])
def test_a_source_is_named_where_there_are_several(cli: Cli, segment: Segment, named: str) -> None:
    segment.sources = [WEB, APP]
    segment.refused = {"GET /sources/s2/connected-destinations": 403}
    result = connect(cli, segment, "--segment-source", named, "--yes")
    assert "GET /sources/s2/connected-destinations: The feature is off." in result.stderr


@pytest.mark.parametrize(
    ("sources", "named", "names"),
    [([WEB, APP], "", "web, app"), ([WEB], "x", "web"), ([], "", "none that the token may see")],
)
def test_a_source_that_is_not_clear_is_asked_for_before_anything_is_written(
    cli: Cli, segment: Segment, sources: list[dict[str, Any]], named: str, names: str
) -> None:
    segment.sources = sources
    result = connect(cli, segment, *(["--segment-source", named] if named else []))
    assert result.stderr == f"Name the source with --segment-source. The workspace has: {names}.\n"
    assert (result.exit_code, segment.made) == (2, [])


def test_a_source_that_sends_there_already_is_left_alone(cli: Cli, deployed: Deployed, segment: Segment) -> None:
    segment.connected = [{"id": "d1", "metadata": {"id": CATALOG_ID}}]
    segment.mappings = [{"settings": {"url": "x"}}, {"settings": {"url": deployed.url}}]
    result = connect(cli, segment, "--yes")
    assert result.stderr == f"Segment's source Web shop sends to {deployed.url} already. Nothing was written.\n"
    assert (result.exit_code, deployed.has_value, segment.made) == (2, False, [])


def test_where_nobody_agrees_nothing_is_written_or_made(cli: Cli, deployed: Deployed, segment: Segment) -> None:
    result = connect(cli, segment, stdin="n\n")
    assert result.stderr.endswith("Nothing was written. Where nobody can answer, add --yes.\n")
    assert (result.exit_code, deployed.has_value, segment.made) == (2, False, [])


@pytest.mark.parametrize(("status", "made"), [("POST /destinations", 0), (f"POST {MAPPINGS}", 1)])
def test_what_segment_refuses_is_said_in_its_words_with_what_to_do_by_hand(
    cli: Cli, segment: Segment, status: str, made: int
) -> None:
    segment.refused = {status: 403}
    result = connect(cli, segment, "--yes")
    by_hand = "The destination Dotdigital (shop) is there, without its mapping. Make that by hand:\n" * made
    assert result.stderr.endswith(f"Segment's API responds 403 to {status}: The feature is off.\n{by_hand}")
    assert (len(segment.made), "Batch Size        1000" in result.stdout, result.exit_code) == (made, True, 1)


def test_segment_is_not_told_of_a_stack_that_takes_no_event(cli: Cli, deployed: Deployed) -> None:
    deployed.http.clear_all_handlers()
    deployed.http.expect_request("/segment").respond_with_data("", 404)
    workspace = Segment(deployed.http)
    assert (connect(cli, workspace, "--yes").exit_code, workspace.made) == (1, [])


def test_an_api_that_does_not_respond_as_documented_is_told(cli: Cli, deployed: Deployed) -> None:
    deployed.http.expect_request("/odd/sources").respond_with_json([])
    for url, problem in (
        (deployed.http.url_for("/odd"), "Segment's response to GET /sources cannot be read.\n"),
        (deployed.http.url_for("/none"), "Segment's API responds 500 to GET /sources: INTERNAL SERVER ERROR.\n"),
        ("http://127.0.0.1:1", "Segment's API does not respond (ConnectionError).\n"),
    ):
        result = cli("connect", "--segment-token", TOKEN, "--segment-api", url)
        assert (result.stderr, result.exit_code, TOKEN in result.output) == (problem, 2, False)

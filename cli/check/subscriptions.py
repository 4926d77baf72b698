"""The subscriptions that a stack runs with: out of the layer that is deployed, or of a file.

https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

from cli.check.findings import Finding, note, right, wrong
from cli.ending import CommandError
from cli.stack import Stack
from delivery.subscription import Subscription, SubscriptionError, with_defaults
from dotdigital.json_text import read_json

CHECKED: Final = "subscriptions"
_FILE: Final = "subscriptions.json"
_LAYER: Final = "-subscriptions:"
_MOST_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Enabled:
    """A subscription that takes events: its action, and its mapping as it is written."""

    name: str
    action: str
    mapping: Mapping[str, Any]


@dataclass(frozen=True)
class Deployed:
    """What a stack runs: the version of its webhook's function, when it was changed, and its subscriptions."""

    version: str
    changed: str
    entries: Sequence[Any]


def read_deployed(stack: Stack) -> Deployed:
    """Read what the webhook's function runs with. Raises CommandError, and ClientError as boto3 does."""
    client = stack.session.client("lambda", endpoint_url=stack.endpoint, config=stack.config)
    try:
        name = f"{stack.name}-segment_webhook"
        function = client.get_function(FunctionName=name, Qualifier="live")["Configuration"]
        arns = [layer["Arn"] for layer in function.get("Layers", []) if _LAYER in layer["Arn"]]
        if not arns:
            raise CommandError(f"{name} has no layer of subscriptions.")
        layer, _, version = arns[0].rpartition(":")
        content = client.get_layer_version(LayerName=layer, VersionNumber=int(version))["Content"]
    finally:
        client.close()
    entries = read_entries(_out_of_zip(stack, content["Location"]))
    return Deployed(function["Version"], function["LastModified"], entries)


def read_entries(content: bytes) -> list[Any]:
    """Return the entries of a subscriptions file. Raises CommandError."""
    try:
        read = read_json(content)
    except (ValueError, RecursionError):
        raise CommandError(f"{_FILE} is not JSON.") from None
    entries = read.get("subscriptions") if isinstance(read, dict) else read
    if not isinstance(entries, list):
        raise CommandError(f"{_FILE} has no list of subscriptions.")
    return entries


def read_file(path: Path) -> list[Any]:
    """Return the entries of a file. Raises CommandError."""
    try:
        return read_entries(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None


def check_subscriptions(entries: Sequence[Any]) -> tuple[list[Finding], list[Enabled]]:
    """Compile each, as the functions do; return what is wrong, and those that take events."""
    findings, enabled = [], []
    for place, entry in enumerate(entries):
        try:
            subscription = Subscription.read(entry)
        except SubscriptionError as error:
            advice = "correct it in layers/subscriptions/subscriptions.json and deploy"
            findings += [wrong(f"subscription {place}", problem, advice) for problem in error.problems]
            continue
        if subscription.enabled:
            enabled.append(Enabled(subscription.name, subscription.action, with_defaults(entry)["mapping"]))
    if not findings:
        findings.append(right(CHECKED, f"{len(entries)}, of which {len(enabled)} are enabled"))
    return findings, enabled


def check_deployed(deployed: Deployed, checkout: Path) -> Iterator[Finding]:
    """Tell which version is deployed, and whether it has the subscriptions of the checkout."""
    yield right("version", f"{deployed.version} of segment_webhook, of {deployed.changed[:16]}")
    if checkout.is_file() and read_file(checkout) != deployed.entries:
        yield note("deployed subscriptions", f"others than in {checkout}", "deploy, if this checkout is to count")


def _out_of_zip(stack: Stack, url: str) -> bytes:
    with requests.Session() as session:
        session.trust_env = not stack.is_local
        try:
            response = session.get(url, timeout=_MOST_SECONDS)
            response.raise_for_status()
            with zipfile.ZipFile(io.BytesIO(response.content)) as layer:
                return layer.read(_FILE)
        except requests.RequestException as error:
            raise CommandError(f"The layer of subscriptions cannot be read ({type(error).__name__}).") from None
        except (zipfile.BadZipFile, KeyError):
            raise CommandError(f"The layer of subscriptions has no {_FILE}.") from None

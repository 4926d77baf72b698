"""The subscriptions that a stack runs with: out of the layer that is deployed, or of a file.

https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersion.html
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import requests

from cli.actions import load_action
from cli.check.findings import Finding, note, right, wrong
from cli.ending import CommandError
from cli.stack import Stack
from delivery.subscription import with_defaults
from delivery.subscription_check import check_subscriptions
from delivery.subscriptions_file import compiled, entries_of, read_entries

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
class DeployedVersion:
    """What a stack runs: the version of its webhook's function, when it was changed, and its subscriptions."""

    version: str
    changed: str
    entries: Sequence[Any]


def read_deployed(stack: Stack) -> DeployedVersion:
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
    try:
        entries = entries_of(_out_of_zip(stack, content["Location"]).decode())
    except (ValueError, RecursionError) as error:
        raise CommandError(f"The deployed subscriptions cannot be read: {error}.") from None
    return DeployedVersion(function["Version"], function["LastModified"], entries)


def judge(entries: Sequence[Any]) -> tuple[list[Finding], list[Enabled]]:
    """Check each as `subscriptions check` does; return what is wrong, and those that take events."""
    checked = check_subscriptions(entries, lambda action: load_action(action).payload, datetime.now(UTC))
    advice = "correct it in layers/subscriptions/subscriptions.json and deploy"
    findings = [wrong(CHECKED, f"{each.name}: {problem}", advice) for each in checked for problem in each.problems]
    enabled = [
        Enabled(each.name, each.action, with_defaults(entry)["mapping"])
        for entry, each in zip(entries, compiled(entries), strict=True)
        if each.enabled and not each.problems
    ]
    if not findings:
        findings.append(right(CHECKED, f"{len(entries)}, of which {len(enabled)} are enabled"))
    return findings, enabled


def check_deployed(deployed: DeployedVersion, checkout: Path) -> Iterator[Finding]:
    """Tell which version is deployed, and whether it has the subscriptions of the checkout."""
    yield right("version", f"{deployed.version} of segment_webhook, of {deployed.changed[:16]}")
    if checkout.is_file() and read_entries(checkout) != deployed.entries:
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

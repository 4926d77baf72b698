"""The files that are made from the code, so that they cannot say something else: `python -m dev.generated`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from dev.generated.actions_page import actions_page
from dev.generated.settings_page import settings_page
from dev.generated.subscriptions_schema import subscriptions_schema

FILES: Mapping[Path, Callable[[], str]] = {
    Path("docs/actions.md"): actions_page,
    Path("docs/settings.md"): settings_page,
    Path("layers/subscriptions/subscriptions.schema.json"): subscriptions_schema,
}
"""Each generated file, from the top of the project, and what writes it."""

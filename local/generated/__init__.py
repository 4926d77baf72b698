"""The files that are made from the code, so that they cannot say something else: `python -m local.generated`."""

from collections.abc import Callable, Mapping
from pathlib import Path

from local.generated.actions_page import actions_page
from local.generated.settings_page import settings_page
from local.generated.subscriptions_schema import subscriptions_schema

FILES: Mapping[Path, Callable[[], str]] = {
    Path("docs/actions.md"): actions_page,
    Path("docs/settings.md"): settings_page,
    Path("layers/subscriptions/subscriptions.schema.json"): subscriptions_schema,
}
"""Each generated file, from the top of the project, and what writes it."""

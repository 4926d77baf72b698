"""Loads actions by name, which no function does: a function is one action's."""

from importlib import import_module
from typing import Any

from delivery.action import Action, action_name


def load_action(name_or_slug: str) -> Action[Any]:
    """Import one action. Raises LookupError where there is none of that name."""
    action: Action[Any] = import_module(f"{action_name(name_or_slug)}.app").ACTION
    return action

"""The API user of a Dotdigital account: asked for, or read from a file or the environment, and tried."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import typer

from cli.ending import CommandError
from dev.sandbox.server import PASSWORD, USERNAME
from dotdigital import (
    REGIONS,
    Account,
    AccountCheck,
    AccountInfo,
    Dotdigital,
    DotdigitalError,
    Transport,
    base_url_of,
    check_account,
)

USERNAME_VARIABLE: Final = "DOTDIGITAL_USERNAME"
PASSWORD_VARIABLE: Final = "DOTDIGITAL_PASSWORD"
_KEYS: Final = ("username", "password", "region", "integrationToken")
_MOST_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Credentials:
    """An API user, and the region of its account where a person named it."""

    username: str = field(repr=False)
    password: str = field(repr=False)
    region: str | None = None
    integration_token: str | None = field(default=None, repr=False)


def read_credentials(file: str | None, region: str | None, *, local: bool) -> Credentials:
    """Read credentials from JSON in `file` ("-" is standard input), else from the environment, else ask a person.

    `region` stands above a file's. On a local run a person who gives no answer gets the sandbox's. Raises CommandError.
    """
    if file:
        content = _content(file)
        region = region or content.get("region")
        read = Credentials(content["username"], content["password"], region, content.get("integrationToken"))
    else:
        username = os.environ.get(USERNAME_VARIABLE) or _ask("API user", USERNAME if local else None)
        hidden = os.environ.get(PASSWORD_VARIABLE) or _ask("Password", PASSWORD if local else None, hide=True)
        read = Credentials(username, hidden, region)
    if read.region not in (None, *REGIONS):
        raise CommandError(f"The region must be one of {', '.join(REGIONS)}.")
    return read


def try_credentials(credentials: Credentials, override: str | None) -> AccountCheck:
    """Try credentials against Dotdigital, or against what `override` has in its place; find the region if need be.

    Raises CommandError where they cannot be used.
    """
    try:
        check = check_account(credentials.region, lambda region: _info(credentials, region, override))
    except DotdigitalError as error:
        raise CommandError(f"Dotdigital does not respond as it should: {error}. Nothing was written.") from None
    except ValueError as error:
        raise CommandError(f"The stack's parameter DotdigitalBaseUrl cannot be used: {error}.") from None
    if not check.info:
        raise CommandError(f"{check.problem}: {check.advice}. Nothing was written.")
    return check


def _info(credentials: Credentials, region: str, override: str | None) -> AccountInfo:
    url = base_url_of(region, override)
    account = Account(url, credentials.username, credentials.password, credentials.integration_token)
    dotdigital = Dotdigital(Transport(account))
    dotdigital.finish_within(_MOST_SECONDS)
    return dotdigital.account_info()


def _ask(what: str, default: str | None, *, hide: bool = False) -> str:
    try:
        answer: str = typer.prompt(what, default=default, hide_input=hide, show_default=not hide, err=True)
    except typer.Abort as abort:
        if not isinstance(abort.__context__, EOFError):
            raise
        variables = f"{USERNAME_VARIABLE} and {PASSWORD_VARIABLE}"
        raise CommandError(f"Nobody can answer here: set {variables}, or give --from-file FILE.") from None
    return answer


def _content(file: str) -> dict[str, Any]:
    """Read the keys of a file. No message shows what stands in it."""
    try:
        content = json.loads(sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise CommandError(f"{file} is not JSON: put {{username, password}}, and region if you know it.") from None
    if not isinstance(content, dict) or not {"username", "password"} <= content.keys():
        raise CommandError(f"{file} must have the keys username and password, and may have region.")
    if wrong := [key for key in _KEYS if not isinstance(content.get(key, "text"), str) or content.get(key) == ""]:
        raise CommandError(f"{file}: {', '.join(wrong)} must be text that is not empty.")
    if unknown := content.keys() - set(_KEYS):
        raise CommandError(f"{file} has keys that are not known: {', '.join(sorted(unknown))}.")
    return content

"""How a function starts: at import where Lambda runs it, with its first event anywhere else, and what SnapStart adds.

So its module can be imported, for its models, where no function's environment is set. A snapshot is of a function that
has started and taken no event yet; nothing unique or dead is restored from it.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
https://docs.aws.amazon.com/lambda/latest/dg/snapstart-uniqueness.html
"""

import os
import random
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, Protocol

from aws_lambda_powertools.utilities.typing import LambdaContext

Handler = Callable[[Any, LambdaContext | None], dict[str, Any]]


class Function(Protocol):
    """What responds to the invocations of a function."""

    def respond(self, event: Any, context: LambdaContext | None) -> dict[str, Any]:
        """Respond to an invocation."""
        ...


def handler_of(start: Callable[[], Function]) -> Handler:
    """Give the handler of a function that `start` makes."""
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        return start().respond
    started = cache(start)
    return lambda event, context: started().respond(event, context)


_LIBRARIES: Final = ("delivery.fields.numbering_plans", "dotdigital.connections", "email_validator")


def register_hooks(
    environment: Mapping[str, str], before_snapshot: Callable[[], None], after_restore: Callable[[], None]
) -> None:
    """Have the runtime call `before_snapshot` once, and `after_restore` in each container that starts from it.

    `before_snapshot` loads what the first event needs and makes no request; `after_restore` has 10 seconds. Where no
    snapshot is to be taken nothing is registered: the library of hooks is a part of Lambda's managed runtime alone.
    https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-python.html
    """
    if environment.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "snap-start":
        return
    hooks = import_module("snapshot_restore_py")
    for load in (before_snapshot, _load_libraries):
        hooks.register_before_snapshot(load)
    for renew in (_reseed, after_restore):
        hooks.register_after_restore(renew)


def _load_libraries() -> None:
    for name in _LIBRARIES:
        import_module(name)
    # A country's numbers are read when the first of them comes.
    import_module("phonenumbers").PhoneMetadata.load_all()


def _reseed() -> None:
    random.seed()
    # What OpenSSL draws its keys from is memory of the process too.
    import_module("ssl").RAND_add(os.urandom(32), 32)

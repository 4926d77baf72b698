"""What Lambda does with a function of SnapStart: it takes a snapshot once the function has started, and restores it.

`python -m tests.support.snapshots FUNCTION < event` does both in a process of its own, where nothing is loaded but what
the function loads, and then invokes it. The last line of its output is JSON: the response, and the files that were read
for it: modules, or what boto3 makes a client of.

The hooks are run as the managed runtime runs them:
https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/lambda_runtime_hooks_runner.py
"""

import json
import runpy
import sys
from pathlib import Path

from snapshot_restore_py import get_after_restore, get_before_snapshot

FUNCTIONS = Path(__file__).parents[2] / "functions"


def take_snapshot() -> None:
    hooks = get_before_snapshot()
    while hooks:
        hook, arguments, named = hooks.pop()
        hook(*arguments, **named)


def restore() -> None:
    for hook, arguments, named in get_after_restore():
        hook(*arguments, **named)


def main() -> None:
    handler = runpy.run_path(str(FUNCTIONS / sys.argv[1] / "app.py"))["handler"]
    event = json.load(sys.stdin)
    take_snapshot()
    restore()
    read: list[str] = []
    sys.addaudithook(lambda name, arguments: read.append(str(arguments[0])) if name == "open" else None)
    response = handler(event, None)
    json.dump({"response": response, "read": read}, sys.stdout)


if __name__ == "__main__":
    main()

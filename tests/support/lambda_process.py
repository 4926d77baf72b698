"""Runs a function in a process of its own, so that all that it writes can be read.

`python -m tests.support.lambda_process RESPONSES < work` takes {"function", "sandbox", "runs": [{"failure", "events"}]}
and gives the function the events of each run under the run's failure of the sandbox. What the function writes goes to
standard output and error as Lambda would have it, its responses and errors, a JSON line each, to the file RESPONSES.
"""

import json
import sys
from pathlib import Path

import requests

from tests.support.functions import Context, load_handler


def main() -> None:
    work = json.load(sys.stdin)
    handler = load_handler(work["function"])
    armed = f"{work['sandbox']}/_sandbox/fail"
    with Path(sys.argv[1]).open("w", encoding="utf-8") as responses:
        for run in work["runs"]:
            requests.delete(armed, timeout=5).raise_for_status()
            if run["failure"]:
                requests.post(armed, json={**run["failure"], "times": None}, timeout=5).raise_for_status()
            for event in run["events"]:
                try:
                    response = handler(event, Context(8))
                except RuntimeError as error:
                    response = {"raised": repr(error)}
                responses.write(json.dumps(response) + "\n")
    requests.delete(armed, timeout=5).raise_for_status()


if __name__ == "__main__":
    main()

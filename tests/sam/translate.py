"""Translates a template as AWS does, with SAM's own translator: JSON of the template and its parameters in, JSON out.

SAM CLI's Python runs this file; it imports nothing of ours. https://github.com/aws/serverless-application-model
"""

import json
import sys
from typing import Any

# Of SAM CLI's environment, where this runs; not of the one of the tests.
from samtranslator.translator.transform import transform  # type: ignore[import-not-found,unused-ignore]


class ManagedPolicies:
    """Stands in for IAM's list of policies, of which the template names none."""

    def load(self) -> dict[str, str]:
        """Return the ARNs of policies by name."""
        return {}


def main() -> None:
    """Translate what standard input has."""
    asked: dict[str, Any] = json.load(sys.stdin)
    template, parameters = asked["template"], asked["parameters"]
    values = {name: parameter["Default"] for name, parameter in template["Parameters"].items()} | parameters
    values |= {"AWS::Partition": "aws", "AWS::Region": "eu-west-1"}
    json.dump(transform(template, values, ManagedPolicies()), sys.stdout)


if __name__ == "__main__":
    main()

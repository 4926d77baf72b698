"""What CloudFormation makes of a template's values: intrinsic functions with a stack's name and parameters put in."""

import re
from collections.abc import Callable, Mapping
from typing import Any

ACCOUNT = "123456789012"
REGION = "eu-west-1"
REMOVED = object()
"""What stands for a property whose value is AWS::NoValue."""
_SERVICES = {
    "AWS::SQS::Queue": "sqs",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Logs::LogGroup": "logs",
    "AWS::SecretsManager::Secret": "secretsmanager",
}
_NAMES = ("QueueName", "FunctionName", "LogGroupName", "DashboardName", "LayerName")


class Stack:
    """A stack of a template without loops, as it is or as SAM has translated it."""

    def __init__(self, template: Mapping[str, Any], name: str = "segment-dotdigital", **parameters: str) -> None:
        """Make no resource; `parameters` are those that are not as in the template."""
        self._template = template
        self.name = name
        defaults = {key: parameter["Default"] for key, parameter in template["Parameters"].items()}
        self._values = (
            defaults
            | parameters
            | {
                "AWS::StackName": name,
                "AWS::Region": REGION,
                "AWS::AccountId": ACCOUNT,
                "AWS::Partition": "aws",
                "AWS::URLSuffix": "amazonaws.com",
                "AWS::NoValue": REMOVED,
            }
        )

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the properties of the resources of a type that the stack has, by their logical ids."""
        return {
            name: self.resolve(resource.get("Properties", {}))
            for name, resource in self._template["Resources"].items()
            if resource["Type"] == kind and self.holds(resource.get("Condition"))
        }

    def holds(self, condition: str | None) -> bool:
        """Tell whether a condition of the template holds, or there is none."""
        return condition is None or bool(self.resolve(self._template["Conditions"][condition]))

    def resolve(self, value: Any) -> Any:
        """Return a value with its functions worked out. A resource's name and ARN are those that it will have."""
        if isinstance(value, list):
            return [each for item in value if (each := self.resolve(item)) is not REMOVED]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            function, argument = next(iter(value.items()))
            if function == "Ref" or function.startswith("Fn::") or function == "Condition":
                return self._call(function, argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not REMOVED}

    def _call(self, function: str, argument: Any) -> Any:
        functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._reference,
            "Condition": self.holds,
            "Fn::GetAtt": lambda name: self._attribute(*(name.split(".") if isinstance(name, str) else name)),
            "Fn::Sub": lambda text: self._substituted(*((text, {}) if isinstance(text, str) else text)),
            "Fn::If": lambda parts: self.resolve(parts[1] if self.holds(parts[0]) else parts[2]),
            "Fn::Equals": lambda both: len(set(map(str, self.resolve(both)))) == 1,
            "Fn::Not": lambda parts: not self.resolve(parts)[0],
            "Fn::And": lambda parts: all(self.resolve(parts)),
            "Fn::Or": lambda parts: any(self.resolve(parts)),
            "Fn::Join": lambda parts: parts[0].join(self.resolve(parts[1])),
        }
        return functions[function](argument)

    def _substituted(self, text: str, given: Mapping[str, Any]) -> str:
        return re.sub(r"\$\{([^!}][^}]*)\}", lambda found: self._named(found[1], given), text).replace("${!", "${")

    def _named(self, name: str, given: Mapping[str, Any]) -> str:
        if name in given:
            return str(self.resolve(given[name]))
        return str(self._attribute(*name.split(".")) if "." in name else self._reference(name))

    def _reference(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        properties = self._template["Resources"].get(name, {}).get("Properties", {})
        named = next((properties[key] for key in _NAMES if key in properties), None)
        return self.resolve(named) if named else f"<{name}>"

    def _attribute(self, resource: str, attribute: str) -> str:
        if attribute != "Arn":
            return str(self._reference(resource)) if attribute == "QueueName" else f"<{resource}.{attribute}>"
        service = _SERVICES.get(self._template["Resources"][resource]["Type"], "lambda")
        kind = {"dynamodb": "table/", "lambda": "function:", "logs": "log-group:"}.get(service, "")
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}{self._reference(resource)}"

"""template.yaml as far as it decides what is charged: memory, batches, how many of what there are.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

TEMPLATE: Final = Path(__file__).parents[2] / "template.yaml"
_MEGABYTES_A_GIGABYTE: Final = 1024


class Stack:
    """The template, with every parameter at its default."""

    def __init__(self, path: Path = TEMPLATE) -> None:
        """Read it."""
        self._template: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), _Loader)

    def parameter(self, name: str) -> float:
        """Give the default of a parameter that is a number."""
        return float(self._template["Parameters"][name]["Default"])

    def memory_mb(self, function: str) -> int:
        """Give the memory of a function, in MB."""
        shared = self._template["Globals"]["Function"]["MemorySize"]
        return int(self._properties(function, "Function").get("MemorySize", shared))

    def memory_gb(self, function: str) -> float:
        """Give the memory of a function as Lambda charges for it, in GB."""
        return self.memory_mb(function) / _MEGABYTES_A_GIGABYTE

    def batch_size(self, function: str) -> int:
        """Give how many messages at most a function's queue brings at once."""
        return int(self._properties(function, "EventSource")["BatchSize"])

    def concurrency(self, function: str) -> int:
        """Give how many of a function its queue runs at once at most."""
        return int(self._value(self._properties(function, "EventSource")["ScalingConfig"]["MaximumConcurrency"]))

    def count(self, kind: str) -> int:
        """Count the resources of a type."""
        return sum(1 for _ in self._of_type(kind))

    def alarm_metrics(self) -> int:
        """Count the metrics that alarms look at: an alarm of an expression looks at each metric in it."""
        alarms = list(self._of_type("AWS::CloudWatch::Alarm"))
        return sum(sum("MetricStat" in metric for metric in alarm.get("Metrics", ())) or 1 for alarm in alarms)

    def _properties(self, function: str, suffix: str) -> Mapping[str, Any]:
        name = "".join(word.capitalize() for word in function.split("_")) + suffix
        properties: Mapping[str, Any] = self._template["Resources"][name]["Properties"]
        return properties

    def _of_type(self, kind: str) -> Iterator[Mapping[str, Any]]:
        resources = self._template["Resources"].values()
        return (resource.get("Properties", {}) for resource in resources if resource["Type"] == kind)

    def _value(self, value: Any) -> float:
        return self.parameter(value["Ref"]) if isinstance(value, dict) else float(value)


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's own tags; of their content only a parameter's name is needed."""


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    return {suffix: loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None}


_Loader.add_multi_constructor("!", _tagged)

"""All that a calculation starts from: what was measured, stated, assumed and built."""

from dataclasses import dataclass, replace
from typing import Self

from local.cost.assumptions import Assumptions, read_assumptions
from local.cost.figures import Figures
from local.cost.limits import Limits, read_limits
from local.cost.stack import Stack


@dataclass(frozen=True)
class Basis:
    """The benchmark's figures, the template, stated limits and assumptions."""

    figures: Figures
    stack: Stack
    limits: Limits
    assumptions: Assumptions

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """Start from these figures and the files of this package."""
        return cls(figures, Stack(), read_limits(), read_assumptions())

    def assumed(self, name: str) -> float:
        """Give the number of an assumption."""
        value: float = getattr(self.assumptions, name).value
        return value

    def put(self, **values: float) -> Self:
        """Give the same with other assumptions."""
        return replace(self, assumptions=self.assumptions.put(**values))

    def stretch(self, function: str) -> float:
        """Give how much longer the processor takes in a function than where the benchmark ran.

        Lambda gives a function a part of a processor, by its memory.
        https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
        """
        part = self.stack.memory_mb(function) / self.limits["vcpu_mb"]
        return self.assumed("processor_ratio") / min(1.0, part)

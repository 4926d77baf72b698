"""What is wrong with a trigger that cannot be compiled."""

from dataclasses import dataclass

_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct in a trigger: where it starts (characters from 0) and what to do.

    The text names fields, functions and signs but never repeats a value of the trigger, since
    a value may be somebody's address and the text reaches logs.
    """

    offset: int
    text: str

    def placed_in(self, fql: str) -> str:
        """Return the problem with its column, counted from 1, and its line where there are several."""
        line_start = fql.rfind("\n", 0, self.offset) + 1
        place = f"column {self.offset - line_start + 1}"
        if "\n" in fql:
            place = f"line {fql.count('\n', 0, self.offset) + 1}, {place}"
        return f"{place}: {self.text}"


class TriggerError(ValueError):
    """A trigger that cannot be compiled.

    `found` holds the problems in the order of the trigger, at most 50. `problems` holds one text for
    each of these, which begins with its column, and says how many more there are.
    """

    def __init__(self, fql: str, problems: list[Problem]) -> None:
        """Keep the problems of one trigger, sorted by place."""
        self.found = tuple(sorted(problems)[:_MOST_SHOWN])
        shown = [problem.placed_in(fql) for problem in self.found]
        if len(problems) > _MOST_SHOWN:
            shown.append(f"and {len(problems) - _MOST_SHOWN} more problems")
        self.problems: tuple[str, ...] = tuple(shown)
        super().__init__("the trigger cannot be used: " + "; ".join(shown))

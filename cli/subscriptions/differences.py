"""What is done here otherwise than in Segment, for exactly what subscriptions use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cli.subscriptions import action_rules, mapping_rules, trigger_rules
from cli.subscriptions.compatibility_page import Difference
from cli.subscriptions.used import Used


@dataclass(frozen=True)
class Met:
    """A difference that subscriptions come near: what is done here, the cases of Segment, and which subscriptions."""

    section: str
    ours: str
    fault: str
    cases: Sequence[str]
    subscriptions: Sequence[str]


def differences_met(used: Mapping[str, Used], differences: Sequence[Difference]) -> list[Met]:
    """Give the differences that the subscriptions (by name) come near, each once, in the order of the page."""
    met: dict[tuple[str, str, str], tuple[list[str], dict[str, None]]] = {}
    for each in differences:
        names = [name for name, one in used.items() if comes_near(each, one)]
        if names:
            cases, subscriptions = met.setdefault((each.section, each.ours, each.fault), ([], {}))
            cases.append(each.case)
            subscriptions.update(dict.fromkeys(names))
    return [Met(*key, cases, list(subscriptions)) for key, (cases, subscriptions) in met.items()]


def comes_near(difference: Difference, used: Used) -> bool:
    """Tell whether a subscription comes near a difference; the other sections are of what has no subscription.

    A row on mappings or triggers that no rule knows is told rather than left out.
    """
    if difference.section == "Actions":
        return action_rules.comes_near(difference.case, used)
    rules = {"Mapping": mapping_rules.rule_of, "Triggers": trigger_rules.rule_of}
    if difference.section not in rules:
        return False
    rule = rules[difference.section](difference.case)
    return rule is None or bool(rule(used))

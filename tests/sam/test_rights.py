"""The roles of the template as SAM translates it: what each function may do, and on what."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from cli.actions import load_action
from tests.support.cloudformation import ACCOUNT, REGION, Stack
from tests.support.functions import ACTIONS
from tests.template.project import FUNCTIONS, WEBHOOK, resource_name

pytestmark = pytest.mark.sam
STACK = "segment-dotdigital"
ANOTHER_STACK = "segment-dotdigital-dev"

type Statements = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def statements(translated: Callable[..., dict[str, Any]]) -> Statements:
    """Every statement of the policies of a function's role, by the function's name."""
    stack = Stack(translated(), STACK)
    roles = {f"{resource_name(name)}FunctionRole": name for name in FUNCTIONS}
    found: Statements = {name: [] for name in FUNCTIONS}
    for resource, role in stack.resources("AWS::IAM::Role").items():
        for policy in role["Policies"]:
            found[roles[resource]] += policy["PolicyDocument"]["Statement"]
    for policy in stack.resources("AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            found[roles[role.strip("<>")]] += policy["PolicyDocument"]["Statement"]
    return found


def _may(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    return any(
        action in statement["Action"]
        and any(fnmatchcase(resource, pattern) for pattern in _listed(statement["Resource"]))
        for statement in statements
    )


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _queue(stack: str, name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{stack}-{name}"


def test_the_webhook_may_send_to_each_actions_queue_in_its_own_stack_and_to_no_other(statements: Statements) -> None:
    names = [*ACTIONS, *(f"{action}-dead-letters" for action in ACTIONS), WEBHOOK, "eventbridge", "any_other"]
    sends = {
        (stack, name)
        for stack in (STACK, ANOTHER_STACK)
        for name in names
        if _may(statements[WEBHOOK], "sqs:SendMessage", _queue(stack, name))
    }
    assert sends == {(STACK, action) for action in ACTIONS}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_reads_its_own_queue_and_sends_to_its_own_dead_letters_alone(
    statements: Statements, action: str
) -> None:
    queues = [name for owner in (*ACTIONS, WEBHOOK) for name in (owner, f"{owner}-dead-letters")]
    for right, wanted in (("ReceiveMessage", action), ("SendMessage", f"{action}-dead-letters")):
        may = [name for name in queues if _may(statements[action], f"sqs:{right}", _queue(STACK, name))]
        assert may == [wanted]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_what_sends_has_a_right_on_the_record_of_sends(statements: Statements, function: str) -> None:
    actions = [action for statement in statements[function] for action in _listed(statement["Action"])]
    sends = function in ACTIONS and load_action(function).is_send
    assert any(action.startswith("dynamodb:") for action in actions) is sends


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_right_is_on_everything(statements: Statements, function: str) -> None:
    resources = [resource for statement in statements[function] for resource in _listed(statement["Resource"])]
    assert [resource for resource in resources if "*" in resource] == []

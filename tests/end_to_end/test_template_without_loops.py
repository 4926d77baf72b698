"""The template that `make expand` writes makes the resources that template.yaml makes.

The second stack is gone before another test starts: it would take the events of the first.
"""

import re
from collections.abc import Iterator

import boto3
import pytest

from dev import PROJECT
from dev.local_cloud.deployment import STACK, build, create_stack
from dev.local_cloud.run import Running

pytestmark = pytest.mark.local_cloud
EXPANDED = "expanded"
NAMED = ("AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::SQS::Queue")
"""Types whose resources are named by the template."""
SAM_HASH = re.compile(r"(Version|Deployment|Layer)[0-9a-f]{10}$")
"""What SAM puts behind the name of a version, a deployment or a layer: a hash of what it reads in the template."""


@pytest.fixture
def expanded(running: Running) -> Iterator[str]:
    """A stack of the template without loops."""
    template = "template-without-loops.yaml"
    try:
        running.programs.finish("make-expand", ["make", "expand", f"TO={template}"])
        build(running.programs, PROJECT, template)
        create_stack(running.programs, PROJECT, running.sandbox.url, EXPANDED)
        yield EXPANDED
    finally:
        (PROJECT / template).unlink(missing_ok=True)
        client = boto3.client("cloudformation")
        client.delete_stack(StackName=EXPANDED)
        client.get_waiter("stack_delete_complete").wait(StackName=EXPANDED, WaiterConfig={"Delay": 1})


def resources(stack: str) -> list[tuple[str, str, str]]:
    """The logical id, the type and, where the template says it, the name of each resource."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    return sorted(
        (
            SAM_HASH.sub(r"\1", one["LogicalResourceId"]),
            one["ResourceType"],
            one["PhysicalResourceId"].replace(f"{stack}-", "") if one["ResourceType"] in NAMED else "",
        )
        for page in pages
        for one in page["StackResourceSummaries"]
    )


def test_the_template_without_loops_makes_the_same_resources(expanded: str) -> None:
    assert resources(expanded) == resources(STACK)
    assert len(resources(STACK)) > 200

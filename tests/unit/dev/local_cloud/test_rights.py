from typing import Any

from dev.local_cloud.rights import add_local_names


def _statement(*rights: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(rights), "Resource": "*"}


def test_the_names_of_the_local_aws_stand_beside_those_of_aws_in_loops_too() -> None:
    template = {
        "Function": {"Policies": [{"Version": "2012-10-17", "Statement": [_statement("sqs:GetQueueUrl")]}]},
        "Fn::ForEach::Actions": [
            "Action",
            ["A"],
            {"${Action}Function": _statement("sqs:SendMessage", "dynamodb:GetItem")},
        ],
    }
    add_local_names(template)
    assert template == {
        "Function": {"Policies": [{"Version": "2012-10-17", "Statement": [_statement("sqs:GetQueueUrl")]}]},
        "Fn::ForEach::Actions": [
            "Action",
            ["A"],
            {"${Action}Function": _statement("sqs:SendMessage", "dynamodb:GetItem", "sqs:SendMessageBatch")},
        ],
    }

from dataclasses import replace

import pytest

from cli.deployment import read_deployment
from tests.unit.cli.deployed import Deployed


def test_a_stack_has_the_url_of_its_outputs_and_a_local_run_the_emulators_own(
    deployed: Deployed, moto_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = read_deployment(deployed.stack)
    assert (there.segment_url, there.secret_id) == (deployed.url, deployed.arn)
    assert there.base_url == there.parameters["DotdigitalBaseUrl"] != ""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    local = read_deployment(replace(deployed.stack, endpoint=moto_url))
    assert local.segment_url == f"{moto_url}/_aws/execute-api/a1/live/segment"

"""`make deploy`, with stand-ins for SAM CLI and for CloudFormation."""

import os
import subprocess
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from dev import PROJECT
from dev.deploy import DeployError, check_stack_name, environment_settings
from dev.expand import read_template

SAM = """#!/bin/sh
# Stands in for SAM CLI: writes down how it is called.
[ "$1" = --version ] && echo "SAM CLI, version 1.170.0" && exit
echo "$* (metadata disabled: $AWS_EC2_METADATA_DISABLED)" >> "{calls}"
"""
BUILD = "build (metadata disabled: true)"
DEV = "deploy --config-env default (metadata disabled: false)"
PROD = "deploy --config-env prod (metadata disabled: false)"
LONGEST = 39
"""64 characters of a function's name, less "-remove_contact_from_list"."""


class Deploys:
    """Runs `make deploy` in this checkout."""

    def __init__(self, folder: Path, server: HTTPServer) -> None:
        self._calls = folder / "calls"
        self._sam = folder / "sam"
        self._sam.write_text(SAM.format(calls=self._calls))
        self._sam.chmod(0o755)
        self._url = server.url_for("/")

    def make(self, *variables: str) -> subprocess.CompletedProcess[str]:
        made = [option for name in (".venv/installed", ".venv-sam/installed-1.170.0") for option in ("-o", name)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        environment |= {
            "AWS_ENDPOINT_URL": self._url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        command = ["make", *made, f"SAM_CLI={self._sam}", "deploy", *variables]
        return subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []


@pytest.fixture
def deploys(tmp_path: Path, httpserver: HTTPServer) -> Deploys:
    return Deploys(tmp_path, httpserver)


def _expect_protection(httpserver: HTTPServer, status: int) -> None:
    def respond(request: Request) -> Response:
        assert (request.form["Action"], request.form["EnableTerminationProtection"]) == (
            "UpdateTerminationProtection",
            "true",
        )
        stack = request.form["StackName"]
        if status != 200:
            return Response("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>", status)
        result = f"<UpdateTerminationProtectionResult><StackId>{stack}</StackId></UpdateTerminationProtectionResult>"
        return Response(f"<UpdateTerminationProtectionResponse>{result}</UpdateTerminationProtectionResponse>")

    httpserver.expect_oneshot_request("/").respond_with_handler(respond)


def test_the_stack_of_development_is_built_and_deployed_without_a_question(deploys: Deploys) -> None:
    config = (PROJECT / "samconfig.toml").read_bytes()
    made = deploys.make()
    assert (made.returncode, made.stderr) == (0, "")
    assert deploys.calls == [BUILD, DEV]
    assert (PROJECT / "samconfig.toml").read_bytes() == config


def test_the_stack_of_production_is_protected_from_being_deleted(deploys: Deploys, httpserver: HTTPServer) -> None:
    _expect_protection(httpserver, 200)
    made = deploys.make("ENV=prod")
    assert (made.returncode, made.stderr) == (0, "")
    last = "Termination protection is on: segment-dotdigital cannot be deleted until you turn it off."
    assert made.stdout.splitlines()[-1] == last
    assert deploys.calls == [BUILD, PROD]
    httpserver.check()


def test_a_protection_that_aws_refuses_is_told_after_the_deploy(deploys: Deploys, httpserver: HTTPServer) -> None:
    _expect_protection(httpserver, 403)
    made = deploys.make("ENV=prod")
    assert made.returncode != 0
    assert "The stack is deployed, but its termination protection is not on: " in made.stderr
    assert "AccessDenied" in made.stderr
    assert deploys.calls == [BUILD, PROD]


def test_tags_are_for_the_whole_stack(deploys: Deploys) -> None:
    assert deploys.make("TAGS=team=crm cost-centre=42").returncode == 0
    assert deploys.calls[-1] == DEV.replace(" (", " --tags team=crm cost-centre=42 (")


def test_an_environment_that_is_not_there_is_refused_before_the_build(deploys: Deploys) -> None:
    made = deploys.make("ENV=production")
    assert made.returncode != 0
    assert made.stderr.splitlines()[0] == (
        "samconfig.toml has no environment 'production': set ENV to one of dev, prod."
    )
    assert deploys.calls == []


def test_a_name_of_every_length_that_aws_takes_is_taken(tmp_path: Path) -> None:
    check_stack_name("s" * LONGEST, read_template())
    with pytest.raises(DeployError) as refused:
        check_stack_name("s" * (LONGEST + 1), read_template())
    assert str(refused.value) == (
        f"The stack name '{'s' * 40}' has 40 characters and may have at most 39: the name of "
        "<stack>-remove_contact_from_list would be too long for AWS. Change stack_name in samconfig.toml."
    )


def test_a_stack_name_that_is_too_long_is_refused_before_the_build(tmp_path: Path) -> None:
    config = tmp_path / "samconfig.toml"
    config.write_text(f'[default.global.parameters]\nstack_name = "{"s" * 40}"\n')
    command = [".venv/bin/python", "-m", "dev.deploy", "check", "dev", "--config", str(config)]
    checked = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert checked.returncode == 1
    assert "may have at most 39" in checked.stderr


@pytest.mark.parametrize(
    ("content", "environment", "settings"),
    [
        (
            '[default.global.parameters]\nstack_name="a"\nregion="eu-west-1"',
            "dev",
            {"stack_name": "a", "region": "eu-west-1"},
        ),
        ('[default.deploy.parameters]\nstack_name="a"', "dev", {"stack_name": "a"}),
        ('[eu.global.parameters]\nstack_name="a"\n[eu.deploy.parameters]\nstack_name="b"', "eu", {"stack_name": "b"}),
    ],
)
def test_an_environment_has_the_settings_that_sam_reads(
    tmp_path: Path, content: str, environment: str, settings: dict[str, str]
) -> None:
    config = tmp_path / "samconfig.toml"
    config.write_text(content)
    assert environment_settings(environment, config) == settings


def test_an_environment_without_a_stack_name_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "samconfig.toml"
    config.write_text("[prod.deploy.parameters]\nresolve_s3 = true")
    with pytest.raises(DeployError, match="has no stack_name for prod"):
        environment_settings("prod", config)

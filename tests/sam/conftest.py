"""SAM CLI, a container engine, and on the engine's bridge the Dotdigital sandbox, and AWS (moto)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from moto.server import ThreadedMotoServer

from dev import PROJECT
from dev.expand import read_template
from dev.local_cloud.deployment import SECRET, machine_architecture
from dev.local_cloud.programs import Programs
from dev.local_cloud.replay import Journal
from dev.local_cloud.servers import choose_port, local_environment
from tests.sam.containers import bridge_address, engine_environment
from tests.support.aws import Aws

SECRET_NAME = "DotdigitalSecret"
SENDS_TABLE = "SendsTable"
"""`sam local` makes of !Ref DotdigitalSecret, and of !Ref SendsTable, the resource's own name."""


@dataclass(frozen=True)
class Sam:
    """SAM CLI in an environment where AWS is the emulator of the tests."""

    environment: Mapping[str, str]

    def command(self, *arguments: str) -> list[str]:
        return [str(PROJECT / ".venv-sam/bin/sam"), *arguments]

    def run(self, *arguments: str, folder: Path = PROJECT) -> subprocess.CompletedProcess[str]:
        command = self.command(*arguments)
        return subprocess.run(
            command, cwd=folder, env=self.environment, capture_output=True, text=True, check=False, timeout=1800
        )


def _sam(endpoint: str, more: Mapping[str, str]) -> Sam:
    return Sam(local_environment(os.environ, endpoint, Path(sys.executable).parent) | dict(more))


@pytest.fixture(scope="session")
def sam() -> Sam:
    """SAM CLI for what needs no AWS: there is none at the address that it is given."""
    return _sam("http://127.0.0.1:9", {})


@pytest.fixture(scope="session")
def build_folder(sam: Sam) -> Path:
    """The functions and layers built for this machine, in the folder of `make run`, whose cache is used."""
    config = str(PROJECT / "dev/local_cloud/samconfig.toml")
    built = sam.run("build", "--config-file", config, "--parameter-overrides", f"Architecture={machine_architecture()}")
    assert built.returncode == 0, built.stderr
    return PROJECT / ".local/build"


@pytest.fixture(scope="session")
def translated(sam: Sam) -> Callable[..., dict[str, Any]]:
    """The template as AWS makes resources of it, for parameters other than its own. It is not to be changed."""

    @cache
    def translate(**parameters: str) -> dict[str, Any]:
        template = read_template()
        for name, resource in template["Resources"].items():
            for key in {"ContentUri", "CodeUri"} & resource["Properties"].keys():
                resource["Properties"][key] = f"s3://bucket/{name}"
        done = subprocess.run(
            [str(PROJECT / ".venv-sam/bin/python"), str(Path(__file__).with_name("translate.py"))],
            input=json.dumps({"template": template, "parameters": parameters}),
            env=sam.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=1800,
        )
        assert done.returncode == 0, done.stderr
        content: dict[str, Any] = json.loads(done.stdout)
        return content

    return translate


@pytest.fixture(scope="session")
def engine() -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        environment = engine_environment()
        for name, value in environment.items():
            patch.setenv(name, value)
        yield environment


@pytest.fixture(scope="session")
def bridge(engine: dict[str, str]) -> str:
    return bridge_address()


@pytest.fixture(scope="session")
def aws_url(bridge: str) -> Iterator[str]:
    """AWS as the containers reach it, with the secret of the sandbox's account and the record of sends."""
    server = ThreadedMotoServer(ip_address=bridge, port=0, verbose=False)
    server.start()
    url = f"http://{bridge}:{server.get_host_and_port()[1]}"
    with closing(Aws(url)) as account:
        account.put_secret(SECRET, SECRET_NAME)
        account.make_sends_table(name=SENDS_TABLE)
    yield url
    server.stop()


@pytest.fixture(scope="session")
def programs(engine: dict[str, str]) -> Iterator[Programs]:
    with Programs(PROJECT / ".local/logs", os.environ, start_seconds=120) as programs:
        yield programs


@pytest.fixture(scope="session")
def sandbox_url(bridge: str, programs: Programs) -> str:
    port = choose_port(None, "")
    url = f"http://{bridge}:{port}"
    command = [sys.executable, "-m", "dev.sandbox", "--host", bridge, "--port", str(port)]
    program = programs.start("sandbox", command)
    programs.wait_until("sandbox", program, lambda: responds(f"{url}/_sandbox/journal"))
    return url


@pytest.fixture
def journal(sandbox_url: str) -> Journal:
    """The journal of a sandbox as its seed makes it."""
    requests.post(f"{sandbox_url}/_sandbox/reset", timeout=5).raise_for_status()
    return Journal(sandbox_url)


@pytest.fixture(scope="session")
def local_sam(aws_url: str, engine: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Sam:
    """SAM CLI for `sam local`: with the container engine, and AWS at the bridge's address.

    SAM gives a container 20 seconds to start, which is too little where the engine has to copy the image for each. A
    SAM that was killed leaves a lock on its image in the temporary folder, so each session has a folder of its own.
    """
    folder = str(tmp_path_factory.mktemp("sam"))
    return _sam(aws_url, engine | {"SAM_CLI_CONTAINER_CONNECTION_TIMEOUT": "120", "TMPDIR": folder})


@pytest.fixture(scope="session")
def local_template(build_folder: Path, bridge: str, aws_url: str, sandbox_url: str) -> Path:
    """The built template with the tests' servers in the functions' environment.

    `sam local` sets only variables that the template has, and the template rightly has no AWS_ENDPOINT_URL.
    """
    content = yaml.safe_load((build_folder / "template.yaml").read_text())
    content["Globals"]["Function"]["Environment"]["Variables"] |= {
        "AWS_ENDPOINT_URL": aws_url,
        "DOTDIGITAL_BASE_URL": sandbox_url,
        "DOTDIGITAL_BASE_URL_ALLOWED_HOST": bridge,
    }
    path = build_folder / "template-with-servers.yaml"
    path.write_text(yaml.safe_dump(content))
    return path


@pytest.fixture(scope="session")
def local_options(local_template: Path) -> tuple[str, ...]:
    """The options of each `sam local` command."""
    architecture = f"Architecture={machine_architecture()}"
    return (
        *("--template", str(local_template), "--language-extensions"),
        *("--parameter-overrides", architecture, "--skip-pull-image"),
    )


def responds(url: str) -> bool:
    """Tell whether a server is there."""
    try:
        requests.get(url, timeout=2)
    except requests.ConnectionError:
        return False
    return True

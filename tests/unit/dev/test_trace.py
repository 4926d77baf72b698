"""How many files a stranger opens in order to follow an event: `make trace` prints them."""

import re
import subprocess
import sys

import pytest

from dev import PROJECT

MOST_FILES = 18


@pytest.mark.parametrize("event", ["send_sms/api_gateway", "add_contact_to_list/api_gateway", "send_sms/sqs"])
def test_an_event_passes_through_few_files(event: str) -> None:
    command = [sys.executable, "-m", "dev.trace", f"events/{event}.json"]
    printed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True, timeout=300).stdout
    told = re.search(r"passes through (\d+) files:\n((?:  .+\n)+)It looks into \d+ others", printed)
    assert told is not None
    files = told[2].split()
    assert (files[0], files[-1]) == ("layers/shared/aws/handler.py", "layers/shared/dotdigital/connections.py")
    assert "layers/shared/delivery/pipeline.py" in files
    assert len(files) == int(told[1]) <= MOST_FILES


def test_an_event_that_is_not_there_is_told() -> None:
    command = [sys.executable, "-m", "dev.trace", "events/nothing.json"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 2
    assert "there is no events/nothing.json" in ended.stderr

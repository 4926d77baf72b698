import json
import signal
from collections.abc import Iterator

import pytest
import requests

from dev import PROJECT
from dev.local_cloud.programs import Programs
from dev.local_cloud.replay import Journal
from dev.local_cloud.servers import choose_port
from tests.sam.conftest import Sam

pytestmark = pytest.mark.sam
EVENT = json.loads((PROJECT / "events/send_sms/api_gateway.json").read_text())


@pytest.fixture
def api(local_sam: Sam, local_options: tuple[str, ...], programs: Programs) -> Iterator[str]:
    url = f"http://127.0.0.1:{(port := choose_port(None, ''))}"
    command = local_sam.command("local", "start-api", "--port", str(port), "--warm-containers", "LAZY", *local_options)
    server = programs.start("start-api", command, local_sam.environment)
    programs.wait_until("start-api", server, lambda: _answers(url))
    yield url
    server.send_signal(signal.SIGINT)  # on which SAM removes its containers
    server.wait(60)


def _answers(url: str) -> bool:
    try:
        requests.get(url, timeout=2)
    except requests.ConnectionError:
        return False
    return True


def _post(url: str, signature: str) -> requests.Response:
    headers = {"Content-Type": "application/json", "X-Signature": signature}
    return requests.post(url + EVENT["path"], EVENT["body"].encode(), headers=headers, timeout=120)


def test_a_signed_request_is_delivered_and_one_signed_wrongly_is_not(api: str, journal: Journal) -> None:
    delivered = _post(api, EVENT["headers"]["X-Signature"])
    assert delivered.status_code == 200
    assert delivered.json()["outcome"] == "delivered"
    assert journal.new_requests() == ["POST /v2/sms-messages/send-to/447911123456"]

    refused = _post(api, "0" * 40)
    assert refused.status_code == 401
    assert set(refused.json()) == {"message"}
    assert journal.new_requests() == []

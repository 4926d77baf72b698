"""The control API, as another process uses it."""

from typing import Any

import pytest
import requests

from dev.sandbox.server import Sandbox

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

SMS = "/v2/sms-messages/send-to/%2B447700900001"


@pytest.fixture
def control(sandbox: Sandbox) -> Any:
    def call(method: str, name: str, body: object = None) -> tuple[int, Any]:
        answer = requests.request(method, f"{sandbox.url}/_sandbox/{name}", json=body, timeout=10)
        return answer.status_code, answer.json()

    return call


def test_journal(api: Any, control: Any) -> None:
    api("POST", SMS, {"message": "Hello"})
    api("DELETE", "/v2/address-books/301/contacts/1001")
    status, (sent, left) = control("GET", "journal")
    assert status == 200
    assert sent == {
        "number": 1,
        "at": sent["at"],
        "request": 1,
        "effect": "sms_sent",
        "details": {"api": "v2", "to": "447700900001", "message": "Hello"},
    }
    assert (left["number"], left["request"], left["effect"]) == (2, 2, "list_left")
    assert control("GET", "journal?since=1") == (200, [left])
    assert control("GET", "journal?since=2") == (200, [])


@pytest.mark.asks_wrongly("a query that the route does not read is shown too", accepted=True)
def test_requests_without_credentials_in_them(api: Any, control: Any, sandbox: Sandbox) -> None:
    api("POST", f"{SMS}?a=1", {"message": "Hello"})
    _, (record,) = control("GET", "requests")
    assert record == {
        "number": 1,
        "at": record["at"],
        "method": "POST",
        "raw_path": f"{SMS}?a=1",
        "path": "/v2/sms-messages/send-to/+447700900001",
        "query": {"a": "1"},
        "headers": record["headers"],
        "body": {"message": "Hello"},
        "connection": record["connection"],
        "status": 204,
        "response": None,
        "failure": None,
        "unexpected": False,
    }
    assert record["headers"]["content-type"] == "application/json"
    assert "authorization" not in record["headers"]
    assert control("GET", "requests?since=1") == (200, [])


@pytest.mark.parametrize(("data", "kept"), [(b"{", "{"), (b"\xff", "\ufffd"), (b"", None)])
def test_a_body_that_is_not_json_is_kept_as_text(api: Any, control: Any, data: bytes, kept: object) -> None:
    api("POST", "/v2/email", data=data)
    assert control("GET", "requests")[1][0]["body"] == kept


def test_state_is_the_whole_account(api: Any, control: Any) -> None:
    _, contact = api("PATCH", "/contacts/v3/contactId/1001", {"lists": [303]})
    status, state = control("GET", "state")
    assert status == 200
    assert state["contacts"][0] == contact
    assert state["contacts"][-1]["status"] == "binned"
    assert [program["enrolled"] for program in state["programs"]] == [[], [1002], [], []]


def test_reset_goes_back_to_the_seed(api: Any, control: Any) -> None:
    before = control("GET", "state")
    api("PATCH", "/contacts/v3/contactId/1001", {"lists": [303]})
    api("POST", "/v2/data-fields", {"name": "SHOE", "type": "String"})
    control("POST", "fail", {"action": "drop_before"})
    control("POST", "limits", {"scheme": "tiered", "per_minute": 1})
    control("POST", "imports", {"status": "Failed"})
    control("POST", "credentials", {"username": "a", "password": "b"})
    assert control("POST", "reset") == (200, {})
    assert control("GET", "state") == before
    assert [control("GET", name)[1] for name in ("journal", "requests", "fail")] == [[], [], []]
    assert [api("GET", "/v2/programs")[0] for _ in range(2)] == [200, 200]
    assert imported(api) == "Finished"


def imported(api: Any) -> Any:
    """The status that the first poll of an import finds."""
    kim = {"matchIdentifier": "contactId", "identifiers": {"contactId": 1001}}
    _, answer = api("PUT", "/contacts/v3/import", {"contacts": [kim]})
    return api("GET", f"/contacts/v3/import/{answer['importId']}")[1]["status"]


def test_imports(api: Any, control: Any) -> None:
    assert control("POST", "imports", {"polls": 1}) == (200, {"polls": 1, "status": "Finished"})
    assert imported(api) == "NotFinished"
    assert control("POST", "imports", {"status": "Failed"}) == (200, {"polls": 0, "status": "Failed"})
    assert imported(api) == "Failed"


def test_fail_arms_shows_and_clears(api: Any, control: Any) -> None:
    order = {"action": "status", "status": 503, "match": {"path": "programs"}, "times": 2}
    status, armed = control("POST", "fail", order)
    assert (status, armed["id"], armed["failure"]["match"]["path"]) == (200, 1, "programs")
    assert (armed["seen"], armed["used"], armed["pending"]) == (0, 0, True)
    assert api("GET", "/v2/programs")[0] == 503
    (shown,) = control("GET", "fail")[1]
    assert (shown["seen"], shown["used"], shown["pending"]) == (1, 1, True)
    assert control("DELETE", "fail") == (200, {})
    assert control("GET", "fail") == (200, [])


def test_limits(api: Any, control: Any) -> None:
    assert control("POST", "limits", {"scheme": "flat", "per_hour": 1})[0] == 200
    assert [api("GET", "/v2/programs")[0] for _ in range(2)] == [200, 400]


def test_credentials(api: Any, control: Any) -> None:
    order = {"username": "second@example.com", "password": "second"}
    assert control("POST", "credentials", order) == (200, {"username": "second@example.com"})
    assert api("GET", "/v2/programs")[0] == 401


@pytest.mark.parametrize(
    ("method", "name", "body", "message"),
    [
        ("POST", "fail", {"action": "status"}, "Value error, action status needs a status"),
        ("POST", "limits", {"scheme": "steep"}, "scheme: "),
        ("POST", "imports", {"polls": -1}, "polls: "),
        ("POST", "imports", {"status": "NotFinished"}, "status: "),
        ("POST", "credentials", {"username": "a"}, "password: Field required"),
        ("POST", "credentials", None, "Invalid JSON"),
        ("GET", "journal?since=x", None, "since is not a number"),
    ],
)
def test_bad_input_is_400(control: Any, method: str, name: str, body: object, message: str) -> None:
    status, answer = control(method, name, body)
    assert status == 400
    assert message in answer["message"]


def test_an_unknown_control_route_is_404_and_not_in_the_journal(sandbox: Sandbox) -> None:
    answer = requests.get(f"{sandbox.url}/_sandbox/nothing", timeout=10)
    assert (answer.status_code, sandbox.requests) == (404, ())

"""Percent-encoded path values reach exactly the contact that they name."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.sandbox.server import Sandbox

LOCAL_PARTS = [
    "lea/x",
    "lea#1",
    "lea?x=1&y",
    "lea%",
    "lea%2Fx",
    "lea+news",
    "..",
    "../../v2/account-info",
    "lé",
    "小さい😀",
    "a;b",
    "{value}",
]


@pytest.mark.parametrize("local", LOCAL_PARTS)
def test_the_contact_named_is_the_contact_made(api: Any, sandbox: Sandbox, local: str) -> None:
    address = f"{local}@example.com"
    path = f"/contacts/v3/email/{quote(address, safe='')}"
    status, contact = api("PATCH", path, {"identifiers": {"email": address}})
    assert (status, contact["identifiers"]) == (201, {"email": address})
    assert api("GET", path) == (200, contact)
    assert sandbox.requests[0].raw_path == path
    assert sandbox.requests[0].path == f"/contacts/v3/email/{address}"


_SERVER_TEXT = st.characters(exclude_categories=("Cs", "Cc", "Z"), exclude_characters="@\u0130")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(local=st.text(_SERVER_TEXT, min_size=1, max_size=40))
def test_any_address_reaches_itself_alone(sandbox: Sandbox, session: requests.Session, local: str) -> None:
    sandbox.reset()
    untouched = sandbox.state.describe()
    address = f"{local}@xn--test.example.com"
    url = f"{sandbox.url}/contacts/v3/email/{quote(address, safe='')}"
    made = session.patch(url, json={"identifiers": {"email": address}}, timeout=10)
    assert (made.status_code, made.json()["identifiers"]) == (201, {"email": address})
    assert session.get(url, timeout=10).json() == made.json()
    everyone = sandbox.state.account.book.everyone()
    others = [contact for contact in everyone if contact.contact_id != made.json()["contactId"]]
    assert [sandbox.state.account.as_v3(contact) for contact in others] == untouched["contacts"]


def test_a_path_that_is_not_encoded_is_another_path(api: Any, sandbox: Sandbox) -> None:
    assert api("GET", "/contacts/v3/email/lea/x@example.com")[0] == 404
    assert [record.unexpected for record in sandbox.requests] == [True]
    sandbox.reset()


def test_a_number_in_the_path_of_an_sms_is_decoded(api: Any, effects: Any) -> None:
    assert api("POST", "/v2/sms-messages/send-to/%2B447700900001", {"message": "Hi"})[0] == 204
    assert effects()[0][1]["to"] == "447700900001"

from typing import Any

import pytest

from dotdigital import DotdigitalError, NotFoundError, RejectedError, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent

REMOVAL = Sent("DELETE", "/v2/address-books/7/contacts/42")


def test_a_removal_takes_the_contact_off_the_list_and_does_no_more(server: DotdigitalServer) -> None:
    server.answers(204)
    server.client().lists.remove(7, 42)
    assert server.sent == [REMOVAL]


@pytest.mark.parametrize("odd", [None, 0, -1, True, "7", 7.0, "7/contacts/9"])
def test_odd_ids_reach_no_path(server: DotdigitalServer, odd: Any) -> None:
    with pytest.raises(RejectedError, match="the list id must be a whole number above 0"):
        server.client().lists.remove(odd, 42)
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        server.client().lists.remove(7, odd)
    assert server.sent == []


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "ERROR_ADDRESSBOOK_NOT_FOUND", NotFoundError),
        (400, "ERROR_ADDRESSBOOK_NOT_FOUND", NotFoundError),
        (404, "ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "ERROR_ADDRESSBOOK_NOTWRITABLE", RejectedError),
        (500, "ERROR_UNKNOWN", UnavailableError),
    ],
)
def test_a_refusal_is_told(server: DotdigitalServer, status: int, code: str, kind: type[DotdigitalError]) -> None:
    server.answers(status, {"message": f"Error: {code}"})
    with pytest.raises(kind) as caught:
        server.client().lists.remove(7, 42)
    assert (caught.type, caught.value.status, caught.value.code) == (kind, status, code)
    assert server.sent == [REMOVAL]

import pytest

from dotdigital import Dotdigital, Identifier, UnavailableError
from tests.support.dotdigital_server import Clock, DotdigitalServer


def calls(dotdigital: Dotdigital) -> None:
    dotdigital.contacts.get(Identifier("email", "jane@example.com"))
    dotdigital.lists.remove(7, 42)


def test_the_resources_share_one_transport_and_its_deadline(server: DotdigitalServer) -> None:
    clock = Clock()
    dotdigital = server.client(monotonic=clock)
    server.answers(200, {"contactId": 42})
    server.answers(204)
    dotdigital.finish_within(3)
    calls(dotdigital)
    clock.seconds += 2.6
    with pytest.raises(UnavailableError, match="no time was left for the request, so it was not made"):
        calls(dotdigital)
    assert len(server.sent) == 2


def test_each_invocation_sets_its_own_deadline(server: DotdigitalServer) -> None:
    clock = Clock()
    dotdigital = server.client(monotonic=clock)
    dotdigital.finish_within(3)
    clock.seconds += 600
    dotdigital.finish_within(3)
    server.answers(200, {"contactId": 42})
    server.answers(204)
    calls(dotdigital)
    assert [each.method for each in server.sent] == ["GET", "DELETE"]

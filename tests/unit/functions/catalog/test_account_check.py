from typing import Any

import pytest

from catalog.account_check import AccountCheck, check_account
from dotdigital import AccountInfo, Dotdigital, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer

R1, R2 = "https://r1-api.dotdigital.com/", "https://r2-api.dotdigital.com"
NO_RIGHT = (
    "Dotdigital answers 403: the API user may not do this, or the account is not in {}; its regions are r1, r2, r3"
)


def account(endpoint: str) -> dict[str, Any]:
    return {"id": 1, "properties": [{"name": "ApiEndpoint", "type": "String", "value": endpoint}]}


def info(endpoint: str) -> AccountInfo:
    return AccountInfo(1, "", endpoint.rstrip("/"), None, None, None, None)


def check(server: DotdigitalServer, region: str) -> tuple[AccountCheck, list[str]]:
    """Check an account, and give the regions whose clients were asked for."""
    asked: list[str] = []

    def client_of(region: str) -> Dotdigital:
        asked.append(region)
        return server.client()

    return check_account(region, client_of), asked


@pytest.mark.parametrize("endpoint", [R2, f"{R2}/", "https://R2-API.dotdigital.com"])
def test_an_account_in_its_region_is_all_right(server: DotdigitalServer, endpoint: str) -> None:
    server.answers(200, account(endpoint))
    assert check(server, "r2") == (AccountCheck("r2", info(endpoint), "r2"), ["r2"])


@pytest.mark.parametrize(
    "endpoint", ["", "https://sandbox.example.com", "https://[r3", "r3-api.dotdigital.com.evil.com"]
)
def test_an_endpoint_that_is_no_regions_says_nothing(server: DotdigitalServer, endpoint: str) -> None:
    server.answers(200, account(endpoint))
    assert check(server, "r2") == (AccountCheck("r2", info(endpoint), "r2"), ["r2"])


def test_r1_answers_for_an_account_of_another_region(server: DotdigitalServer) -> None:
    server.answers(200, account(R2))
    problem = "the account is in r2, not in r1: put r2 as region in the secret"
    assert check(server, "r1") == (AccountCheck("r1", info(R2), "r2", problem), ["r1"])


def test_r1_knows_where_an_account_is_that_another_region_refuses(server: DotdigitalServer) -> None:
    server.answers(403, {"message": "Forbidden"})
    server.answers(200, account(R1))
    problem = "the account is in r1, not in r3: put r1 as region in the secret"
    assert check(server, "r3") == (AccountCheck("r3", info(R1), "r1", problem), ["r3", "r1"])


@pytest.mark.parametrize("endpoint", [R2, "https://r2.example.com", ""])
def test_where_no_other_region_is_known_none_is_named(server: DotdigitalServer, endpoint: str) -> None:
    server.answers(403, {"message": "Forbidden"})
    server.answers(200, account(endpoint))
    assert check(server, "r2") == (AccountCheck("r2", problem=NO_RIGHT.format("r2")), ["r2", "r1"])


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_r1_may_not_know_either(server: DotdigitalServer, status: int) -> None:
    server.answers(403, {"message": "Forbidden"})
    server.answers(status)
    assert check(server, "r2")[0] == AccountCheck("r2", problem=NO_RIGHT.format("r2"))


def test_r1_is_not_asked_twice(server: DotdigitalServer) -> None:
    server.answers(403, {"message": "Forbidden"})
    assert check(server, "r1") == (AccountCheck("r1", problem=NO_RIGHT.format("r1")), ["r1"])


def test_a_wrong_password_is_no_question_of_the_region(server: DotdigitalServer) -> None:
    server.answers(401, {"message": "Unauthorized"})
    problem = "Dotdigital refuses username or password: put the API user's own in the secret"
    assert check(server, "r2") == (AccountCheck("r2", problem=problem), ["r2"])


def test_an_account_that_does_not_answer_is_not_judged(server: DotdigitalServer) -> None:
    server.answers(500)
    with pytest.raises(UnavailableError):
        check(server, "r2")

"""The catalog as it is deployed: for requests that are signed for IAM, and for no other."""

import pytest

from tests.end_to_end.cloud import Cloud

pytestmark = pytest.mark.local_cloud


@pytest.mark.parametrize("path", ["/catalog/lists", "/catalog/account", "/catalog/data-fields"])
def test_a_request_must_be_signed_for_iam(cloud: Cloud, path: str) -> None:
    answer = cloud.get(path, for_iam=False)
    assert (answer.status_code, answer.json()["message"].partition(":")[0]) == (404, "No such route")


def test_a_signed_request_is_answered(cloud: Cloud) -> None:
    answer = cloud.get("/catalog/programs?format=choices", for_iam=True)
    choices = [{"label": "Welcome series", "value": "501"}, {"label": "Win back", "value": "502"}]
    assert (answer.status_code, answer.json()) == (200, {"choices": choices})


def test_audiences_are_not_for_iam(cloud: Cloud) -> None:
    assert cloud.get("/audiences/302", for_iam=True).status_code == 401

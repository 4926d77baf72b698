from pathlib import Path

import pytest

from aws.settings import Settings, SettingsError
from tests.support.aws import ENVIRONMENT


def test_reads_what_is_set_and_fills_in_the_rest() -> None:
    empty = {"PATH": "/usr/bin", "DOTDIGITAL_BASE_URL": "", "SUBSCRIPTIONS_PATH": ""}
    assert Settings.from_environment(ENVIRONMENT | empty).model_dump() == {
        "secret_id": "segment-dotdigital",
        "secret_max_age": 300,
        "base_url": None,
        "base_url_allowed_host": None,
        "subscriptions_path": Path("/opt/subscriptions.json"),
        "sends_table": "sends",
        "sends_kept_days": 7,
        "queue_prefix": "stack-",
        "retry_for_hours": 72,
        "segment_source_prefix": "aws.partner/segment.com",
        "allow_payloads": False,
        "may_create_data_fields": False,
        "service": "segment-dotdigital",
        "metrics_namespace": "SegmentDotdigital",
    }


def test_names_every_variable_at_fault() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SECRET_MAX_AGE_SECONDS": "soon"})
    problems = str(caught.value).removeprefix("the environment is not right: ").split("; ")
    assert [problem.partition(", unable")[0] for problem in problems] == [
        "DOTDIGITAL_SECRET_ID: Field required",
        "SECRET_MAX_AGE_SECONDS: Input should be a valid integer",
        "SENDS_TABLE: Field required",
        "QUEUE_PREFIX: Field required",
    ]


@pytest.mark.parametrize(
    ("differences", "problem"),
    [
        (
            {"RETRY_FOR_HOURS": "24", "SENDS_KEPT_DAYS": "1"},
            "RETRY_FOR_HOURS must be less than SENDS_KEPT_DAYS: a retry must find what was sent",
        ),
        (
            {"DOTDIGITAL_BASE_URL": "http://dotdigital.example.com"},
            "only a loopback address, or the host named in DOTDIGITAL_BASE_URL_ALLOWED_HOST",
        ),
    ],
)
def test_a_value_that_would_do_harm_stops_the_start(differences: dict[str, str], problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        Settings.from_environment(ENVIRONMENT | differences)


@pytest.mark.parametrize(
    ("differences", "url"),
    [
        ({}, "https://r2-api.dotdigital.com"),
        ({"DOTDIGITAL_BASE_URL": "http://localhost:8080/"}, "http://localhost:8080"),
        (
            {"DOTDIGITAL_BASE_URL": "http://172.17.0.1:8080", "DOTDIGITAL_BASE_URL_ALLOWED_HOST": "172.17.0.1"},
            "http://172.17.0.1:8080",
        ),
    ],
)
def test_the_base_url_is_the_regions_unless_another_stands_in(differences: dict[str, str], url: str) -> None:
    assert Settings.from_environment(ENVIRONMENT | differences).base_url_of("r2") == url

from pathlib import Path

import pytest

from aws.settings import Settings, SettingsError
from tests.support.aws import ENVIRONMENT


def test_reads_what_is_set_and_fills_in_the_rest() -> None:
    settings = Settings.from_environment(ENVIRONMENT | {"PATH": "/usr/bin"})
    assert settings.model_dump() == {
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


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    settings = Settings.from_environment(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": "", "SUBSCRIPTIONS_PATH": ""})
    assert settings == Settings.from_environment(ENVIRONMENT)


def test_names_every_variable_at_fault() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SECRET_MAX_AGE_SECONDS": "soon"})
    message = str(caught.value)
    assert "DOTDIGITAL_SECRET_ID: Field required" in message
    assert "SENDS_TABLE: Field required" in message
    assert "QUEUE_PREFIX: Field required" in message
    assert "SECRET_MAX_AGE_SECONDS: Input should be a valid integer" in message


def test_a_message_is_not_retried_for_longer_than_its_send_is_remembered() -> None:
    with pytest.raises(SettingsError, match="RETRY_FOR_HOURS must be less than SENDS_KEPT_DAYS"):
        Settings.from_environment(ENVIRONMENT | {"RETRY_FOR_HOURS": "24", "SENDS_KEPT_DAYS": "1"})


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"])
def test_a_loopback_base_url_stands_in_for_every_region(url: str) -> None:
    settings = Settings.from_environment(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": url})
    assert settings.base_url_of("r2") == url.rstrip("/")


def test_any_other_base_url_is_refused() -> None:
    with pytest.raises(SettingsError, match="DOTDIGITAL_BASE_URL_ALLOWED_HOST"):
        Settings.from_environment(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": "http://dotdigital.example.com"})


def test_the_allowed_host_is_the_documented_opt_in() -> None:
    opted_in = {"DOTDIGITAL_BASE_URL": "http://172.17.0.1:8080", "DOTDIGITAL_BASE_URL_ALLOWED_HOST": "172.17.0.1"}
    assert Settings.from_environment(ENVIRONMENT | opted_in).base_url_of("r1") == "http://172.17.0.1:8080"


def test_without_a_base_url_the_region_decides() -> None:
    assert Settings.from_environment(ENVIRONMENT).base_url_of("r3") == "https://r3-api.dotdigital.com"

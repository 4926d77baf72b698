"""What is charged by the month, and for a start."""

import pytest

from local.cost.basis import Basis
from local.cost.standing import Standing, in_use, kept_warm, standing, start
from local.cost.usage import Usage


def test_a_month_without_an_event(basis: Basis) -> None:
    polls = 3 * 5 * 30 * 86_400 / 20
    assert list(standing(basis)) == [
        Standing("alarms", "3 metrics", Usage.of(alarm_metrics=3)),
        Standing("dashboard", "1", Usage.of(dashboards=1)),
        Standing(
            "queues that are asked and empty",
            "3 queues, 5 reads each, asked every 20 s: 1,944,000 requests",
            Usage.of(sqs_requests=polls),
        ),
        Standing("secret", "1", Usage.of(secrets=1)),
    ]


def test_what_is_in_use_counts_its_metrics_and_reads_its_secret(basis: Basis) -> None:
    assert [part.usage for part in in_use(basis)] == [
        Usage.of(metrics=3),
        Usage.of(metrics=1 + 5 + 5 * 3 + 2),
        Usage.of(secret_reads=8_640),
        Usage.of(kms_requests=8_640),
    ]


def test_a_start_is_stretched_to_the_functions_part_of_a_processor(basis: Basis) -> None:
    assert start(basis, "add_contact_to_list") == Usage.of(lambda_gb_seconds=0.25)
    assert start(basis, "segment_webhook") == Usage.of(lambda_gb_seconds=pytest.approx(2 * 0.145))


def test_a_container_that_is_kept_has_its_memory_all_month(basis: Basis) -> None:
    month = pytest.approx(2 * 30 * 86_400)
    assert kept_warm(basis, "segment_webhook") == (
        Usage.of(provisioned_gb_seconds=month),
        Usage.of(snapstart_cache_gb_seconds=month),
    )

"""What an event uses, by the way in and the way out."""

import pytest

from local.cost.basis import Basis
from local.cost.deliveries import IN_BULK, ONE_BY_ONE, SMS, TEN_AT_A_TIME, Delivery
from local.cost.entrances import posted, published
from local.cost.paths import DIRECT, PATHS, POSTED_IN_BULK
from local.cost.prices import Prices
from local.cost.usage import GIGABYTE, Usage, invocation, logs

KIB = 2**10 / GIGABYTE


def test_usage_adds_up_and_is_paid_by_service(prices: Prices) -> None:
    used = (Usage.of(sqs_requests=1) + Usage.of(sqs_requests=2, log_gb=3, log_gb_months=4)).times(10)
    assert used == Usage.of(sqs_requests=30, log_gb=30, log_gb_months=40)
    assert used.cost(prices) == {"SQS": 30, "Logs": 70}


@pytest.mark.parametrize(("seconds", "billed"), [(0.0101, 0.011), (0.01, 0.01), (2, 2)])
def test_a_millisecond_that_has_begun_is_charged(seconds: float, billed: float) -> None:
    assert invocation(seconds, 0.5) == Usage.of(lambda_requests=1, lambda_gb_seconds=billed * 0.5)


def test_logs_are_taken_in_and_kept() -> None:
    assert logs(GIGABYTE, 15) == Usage.of(log_gb=1, log_gb_months=0.5)


def test_an_event_that_is_posted_alone_pays_for_all_of_its_request(basis: Basis) -> None:
    assert posted(basis, 1).amounts == pytest.approx(
        {
            "api_gateway_requests": 1,
            "transfer_gb": KIB,
            "lambda_requests": 1,
            "lambda_gb_seconds": 2 * 0.003,  # 10 ms, on a processor that is 3.5 times as fast
            "sqs_requests": 1,
            "log_gb": 300 / GIGABYTE,
            "log_gb_months": 150 / GIGABYTE,
        }
    )


def test_a_thousand_events_share_a_request_and_are_sent_ten_a_call(basis: Basis) -> None:
    assert posted(basis, 1_000).amounts == pytest.approx(
        {
            "api_gateway_requests": 1 / 1_000,
            "transfer_gb": KIB / 1_000,
            "lambda_requests": 1 / 1_000,
            "lambda_gb_seconds": 2 * 0.145 / 1_000,
            "sqs_requests": 100 / 1_000,
            "log_gb": 300 / GIGABYTE / 1_000,
            "log_gb_months": 150 / GIGABYTE / 1_000,
        }
    )


def test_by_eventbridge_an_event_goes_through_the_webhooks_queue(basis: Basis) -> None:
    assert published(basis, 100).amounts == pytest.approx(
        {
            "eventbridge_events": 1,
            # by EventBridge; received and deleted ten a call; sent on ten a call
            "sqs_requests": 1 + (10 + 10) / 100 + 10 / 100,
            "lambda_requests": 1 / 100,
            "lambda_gb_seconds": 2 * 0.015 / 100,
            "log_gb": 300 / GIGABYTE / 100,
            "log_gb_months": 150 / GIGABYTE / 100,
        }
    )


def test_two_subscriptions_are_two_messages(basis: Basis) -> None:
    twice = basis.put(subscriptions_an_event=2)
    added = posted(twice, 1_000) + posted(basis, 1_000).times(-1)
    assert {name: amount for name, amount in added.amounts.items() if amount} == pytest.approx({"sqs_requests": 0.1})


@pytest.mark.parametrize(
    ("delivery", "seconds", "calls"),
    [
        (ONE_BY_ONE, 0.001 + 0.1, 1),
        (TEN_AT_A_TIME, 0.008 + 3 * 0.1, 10),  # four side by side, so in three rounds
        (SMS, 0.002 / 2 + 0.1 + 2 * 0.005, 1),  # with twice the memory; the claim and the outcome are written
        (IN_BULK, 0.2 + 3 * 0.1 + 1.5, 3),  # the import and two looks at its report
    ],
)
def test_a_function_works_and_waits(basis: Basis, delivery: Delivery, seconds: float, calls: float) -> None:
    assert (delivery.seconds(basis), delivery.calls(basis)) == (pytest.approx(seconds), calls)


def test_one_by_one_an_event_pays_for_an_invocation(basis: Basis) -> None:
    assert ONE_BY_ONE.from_queue(basis).amounts == pytest.approx(
        {
            "sqs_requests": 2,
            "lambda_requests": 1,
            "lambda_gb_seconds": 0.101 / 2,
            "log_gb": (600 + 200) / GIGABYTE,
            "log_gb_months": 400 / GIGABYTE,
            "transfer_gb": KIB,
        }
    )


def test_in_bulk_an_event_pays_for_its_part(basis: Basis) -> None:
    assert IN_BULK.from_queue(basis).amounts == pytest.approx(
        {
            "sqs_requests": (100 + 100) / 1_000,
            "lambda_requests": 1 / 1_000,
            "lambda_gb_seconds": 2.0 / 2 / 1_000,
            "log_gb": (320 + 0.2) / GIGABYTE,
            "log_gb_months": 160.1 / GIGABYTE,
            "transfer_gb": KIB / 2 + 3 * KIB / 1_000,
        }
    )


def test_a_send_has_its_record_besides(basis: Basis) -> None:
    record = {name: amount for name, amount in SMS.performed(basis).amounts.items() if name.startswith("dynamodb")}
    stored = pytest.approx(KIB * 6 / 30)
    assert record == {"dynamodb_writes": 2, "dynamodb_gb_months": stored, "dynamodb_recovery_gb_months": stored}


def test_the_direct_route_has_no_queue(basis: Basis) -> None:
    assert DIRECT.usage(basis).amounts.keys() == {
        *("api_gateway_requests", "transfer_gb", "lambda_requests", "lambda_gb_seconds", "log_gb", "log_gb_months")
    }


def test_a_path_is_its_way_in_and_its_way_out(basis: Basis, prices: Prices) -> None:
    parts = posted(basis, 1_000) + IN_BULK.from_queue(basis)
    assert POSTED_IN_BULK.cost(basis, prices, 7) == pytest.approx(parts.times(7).cost(prices))


def test_two_subscriptions_are_two_ways_out(basis: Basis) -> None:
    twice = basis.put(subscriptions_an_event=2)
    parts = posted(twice, 1_000) + IN_BULK.from_queue(twice) + IN_BULK.from_queue(twice)
    assert POSTED_IN_BULK.usage(twice).amounts == pytest.approx(parts.amounts)


def test_paths_have_titles_of_their_own() -> None:
    assert len({path.title for path in PATHS}) == len(PATHS)

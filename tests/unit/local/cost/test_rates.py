"""How much can go through."""

import pytest

from local.cost.basis import Basis
from local.cost.deliveries import IN_BULK, ONE_BY_ONE, TEN_AT_A_TIME, Delivery
from local.cost.rates import counted_calls, delivered_a_second, functions_for, posted_a_second, published_a_second


def test_post_takes_what_api_gateway_takes(basis: Basis) -> None:
    assert posted_a_second(basis, 1_000, 100) == 100_000


def test_post_takes_what_lambda_can_do_at_once_where_that_is_less(basis: Basis) -> None:
    slow = basis.put(processor_ratio=1)
    assert posted_a_second(slow, 1_000, 10_000) == pytest.approx(1_000 / 0.5 * 1_000)


def test_eventbridge_takes_what_it_delivers_or_what_the_webhook_does_if_less(basis: Basis) -> None:
    assert published_a_second(basis, 100) == 18_750
    assert published_a_second(basis.put(processor_ratio=10), 1) == pytest.approx(1_000 / 0.1)


def test_twice_the_functions_deliver_twice_the_events(basis: Basis) -> None:
    assert delivered_a_second(basis, IN_BULK, 2) == pytest.approx(2 * 1_000 / 2.0)


@pytest.mark.parametrize(("events_a_second", "functions"), [(1, 1), (499, 1), (501, 2), (5_000, 10)])
def test_as_many_functions_as_it_takes(basis: Basis, events_a_second: float, functions: int) -> None:
    assert functions_for(basis, IN_BULK, events_a_second * 30 * 86_400 * 0.999) == functions


@pytest.mark.parametrize(("delivery", "calls"), [(ONE_BY_ONE, 1), (TEN_AT_A_TIME, 1), (IN_BULK, 1 / 1_000)])
def test_looks_at_a_report_are_not_counted(basis: Basis, delivery: Delivery, calls: float) -> None:
    assert counted_calls(basis, delivery) == calls

"""template.yaml as the calculation reads it."""

from local.cost.basis import Basis
from local.cost.deliveries import DELIVERIES
from local.cost.entrances import WEBHOOK
from local.cost.stack import Stack
from tests.template.project import read_template


def test_a_functions_own_memory_goes_before_that_of_all(basis: Basis) -> None:
    assert [basis.stack.memory_mb(name) for name in ("segment_webhook", "add_contact_to_list")] == [2048, 512]


def test_concurrency_is_a_number_or_a_parameters(basis: Basis) -> None:
    assert [basis.stack.concurrency(name) for name in ("send_transactional_sms", "add_contact_to_list")] == [4, 2]


def test_resources_are_counted_and_an_alarm_of_an_expression_by_its_metrics(basis: Basis) -> None:
    counted = basis.stack.count("AWS::CloudWatch::Alarm"), basis.stack.alarm_metrics()
    assert counted == (2, 3)


def test_the_template_has_all_that_is_asked_of_it() -> None:
    stack, parameters = Stack(), read_template()["Parameters"]
    functions = [each.function for each in DELIVERIES]
    assert [stack.batch_size(name) for name in (*functions, WEBHOOK)] == [1000, 1000, 1000, 10, 100]
    assert all(stack.concurrency(name) >= 2 for name in functions)
    assert stack.parameter("ApiRateLimit") == parameters["ApiRateLimit"]["Default"]

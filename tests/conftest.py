"""What every test can ask for."""

from hypothesis import HealthCheck, settings

from tests.support.aws import aws, moto_url
from tests.support.dotdigital_server import clock, dotdigital, server
from tests.support.functions import environment
from tests.support.sandbox import sandbox, sandbox_server

__all__ = ["aws", "clock", "dotdigital", "environment", "moto_url", "sandbox", "sandbox_server", "server"]

settings.register_profile("shared-machines", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared-machines")

"""What every test can ask for."""

from hypothesis import settings

from tests.support.aws import aws, moto_url

__all__ = ["aws", "moto_url"]

settings.register_profile("shared-machines", deadline=None)
settings.load_profile("shared-machines")

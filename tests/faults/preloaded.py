"""The packages that every worker needs, imported once for all of them: a killed worker is replaced in milliseconds.

Nothing of the project's own code is here: a worker moves its clock before it imports that.
"""

import aws_lambda_powertools.metrics
import aws_lambda_powertools.utilities.idempotency
import aws_lambda_powertools.utilities.parameters
import boto3
import email_validator
import liquid
import phonenumbers
import pydantic
import requests

__all__ = ["aws_lambda_powertools", "boto3", "email_validator", "liquid", "phonenumbers", "pydantic", "requests"]

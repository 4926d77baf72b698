"""What runs the actions in AWS Lambda: settings, the secret, doors, queues, the record of sends, logs and metrics.

The only package that imports boto3 and aws_lambda_powertools.
"""

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambda_runtime.action_function import ActionFunction
from lambda_runtime.webhook_function import WebhookFunction

__all__ = ["ActionFunction", "LambdaContext", "WebhookFunction"]

"""The value of a stack's secret, as text: read and put whole.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
"""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from cli.stack import Stack


class StackSecret:
    """The secret of a stack. `id` is its ARN."""

    def __init__(self, stack: Stack, secret_id: str) -> None:
        """Read nothing yet."""
        self.id = secret_id
        self._client = stack.session.client("secretsmanager", endpoint_url=stack.endpoint, config=stack.config)

    def read(self) -> str | None:
        """Return the value, None where none was put since the stack was made."""
        try:
            return self._client.get_secret_value(SecretId=self.id).get("SecretString")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise

    def put(self, value: Mapping[str, Any]) -> None:
        """Put a value in the place of the one before, which Secrets Manager keeps as AWSPREVIOUS."""
        self._client.put_secret_value(SecretId=self.id, SecretString=json.dumps(value, indent=2))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

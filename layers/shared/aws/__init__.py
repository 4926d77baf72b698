"""Lambda's side: the handler, the sources, the record of sends, the secret, settings, logs and metrics.

The only package that imports boto3 and aws_lambda_powertools.
"""

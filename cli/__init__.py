"""What a person runs against a stack or the local run: preview, subscriptions, failures, backfill."""

"""What makes one call of many payloads: batches of an action, and contacts created or updated in bulk."""

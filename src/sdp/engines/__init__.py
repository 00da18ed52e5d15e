"""Where work runs. An engine maps work items and knows nothing of what they are."""

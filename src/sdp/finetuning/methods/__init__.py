"""What of a model learns: an adapter of some kind, or all of it."""

"""Words, splits, files."""

"""Predictions that somebody recorded: one reader per kind of file, one shape for what they read."""

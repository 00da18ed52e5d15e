"""Run folders: what was done, with which settings, and what came of it."""

"""The sections of ``peers/generation.py``: each runs its contestants in turns and gives one Markdown table."""

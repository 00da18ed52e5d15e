"""One score per file. What is scored is always the last line of an output, stripped: see `scored_line`."""

"""One score per file. What is scored is the answer that a rule takes out of an output: see `extraction`."""

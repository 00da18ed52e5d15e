"""Where a run is followed beside its folder: what events.jsonl says, told to other tools under one set of names."""

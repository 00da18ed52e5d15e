"""Trap probes: what goes wrong in silence when a model is trained, tried on a person's own model in seconds."""

"""Checkpoints of a training: whole folders with a record of what is in them."""
